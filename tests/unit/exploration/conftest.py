"""All tests of explorations need the extra."""

import pytest

NEEDED = "pip install 'afterfall[explore]' to run tests of explorations"
pytest.importorskip("ema_workbench", reason=NEEDED)
pytest.importorskip("SALib", reason=NEEDED)
