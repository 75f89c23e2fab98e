"""`python -m audiostudio`."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)  # until `main` runs there is nothing to tidy up, and nothing to say

from audiostudio.app import main  # noqa: E402

sys.exit(main())
