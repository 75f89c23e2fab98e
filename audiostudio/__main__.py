"""`python -m audiostudio`."""

import sys

from audiostudio.app import main

sys.exit(main())
