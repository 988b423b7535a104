"""Makes the helpers beside the core's tests importable, however pytest was told to import."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# No time limit per example: how busy the machine is says nothing about the rules.
settings.register_profile("core", settings(), deadline=None)
settings.load_profile("core")
