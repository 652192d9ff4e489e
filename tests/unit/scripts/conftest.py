"""Lets the tests of this folder import the script that builds the case."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
