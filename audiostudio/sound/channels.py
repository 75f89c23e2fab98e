"""Any number of channels on two."""

import numpy as np
from numpy.typing import NDArray

_HALF = 0.7071
_LEFT = {
    3: (1.0, 0.0, 0.0),
    4: (1.0, 0.0, _HALF, 0.0),
    5: (1.0, 0.0, _HALF, _HALF, 0.0),
    6: (1.0, 0.0, _HALF, 0.0, _HALF, 0.0),
    7: (1.0, 0.0, _HALF, 0.0, 0.5, _HALF, 0.0),
    8: (1.0, 0.0, _HALF, 0.0, _HALF, 0.0, _HALF, 0.0),
}
"""Of the left channel, for layouts in the order of WAV files (5.1: L R C LFE Ls Rs), as ITU-R BS.775 has it. Of 4
channels the front ones are the first two."""
_RIGHT = {
    3: (0.0, 1.0, 0.0),
    4: (0.0, 1.0, 0.0, _HALF),
    5: (0.0, 1.0, _HALF, 0.0, _HALF),
    6: (0.0, 1.0, _HALF, 0.0, 0.0, _HALF),
    7: (0.0, 1.0, _HALF, 0.0, 0.5, 0.0, _HALF),
    8: (0.0, 1.0, _HALF, 0.0, 0.0, _HALF, 0.0, _HALF),
}


def stereo(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (channels, n) → float32 (2, n). One channel goes to both as it is; of more than 8, whose order nobody
    knows, the odd ones go to the left and the even ones to the right."""
    channels = sound.shape[0]
    if channels == 2:
        return sound
    if channels == 1:
        return np.concatenate([sound, sound])
    if channels in _LEFT:
        return np.asarray([_LEFT[channels], _RIGHT[channels]], np.float32) @ sound
    return np.stack([sound[0::2].mean(axis=0), sound[1::2].mean(axis=0)])
