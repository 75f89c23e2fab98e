"""No error of PyAV gets past our border."""

from pathlib import Path

import av.error
import pytest

from audiostudio.errors import DiskFull, EncodingFailed, MediaError, MissingMedia, ReadOnly, StorageError, StudioError
from audiostudio.sound.media import media_errors

CLASSES = sorted(
    {kind for kind in vars(av.error).values() if isinstance(kind, type) and issubclass(kind, av.error.FFmpegError)},
    key=lambda kind: kind.__name__,
)


def raised(code: int, kind: type[av.error.FFmpegError], writing: bool) -> StudioError:
    with pytest.raises(StudioError) as caught, media_errors(Path("some.wav"), writing):
        raise kind(code, "the reason", "some.wav")
    return caught.value


@pytest.mark.parametrize("writing", [False, True])
@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_class_is_mapped(kind, writing):
    codes = [code for code, known in av.error.classes.items() if known is kind] or [5]
    for code in codes:
        error = raised(code, kind, writing)
        assert isinstance(error, MediaError | StorageError)
        assert error.sentence.endswith(".")
        assert error.hint.endswith(".")


@pytest.mark.parametrize("code", sorted(av.error.classes))
def test_every_code_is_mapped_as_it_is_raised(code):
    with pytest.raises(StudioError), media_errors(Path("some.wav")):
        av.error.err_check(-code, "some.wav")


@pytest.mark.parametrize(
    ("code", "ours"), [(28, DiskFull), (27, DiskFull), (13, ReadOnly), (30, ReadOnly), (2, MissingMedia)]
)
def test_the_systems_errors_keep_their_meaning(code, ours):
    with pytest.raises(ours), media_errors(Path("some.wav"), writing=True):
        av.error.err_check(-code, "some.wav")


def test_an_encoder_that_fails_is_not_a_damaged_file():
    assert isinstance(raised(22, av.error.ArgumentError, writing=True), EncodingFailed)
