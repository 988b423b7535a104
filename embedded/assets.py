"""Bundles for desk and website."""

import json
from pathlib import Path
from typing import Any

from embedded import paths


def folder() -> Path:
	"""Folder with `assets/` for what is there now (it may not have been built)."""
	return paths.home() / "assets" / "none"


def ensure_assets(progress: Any = None) -> bool:
	"""Build."""
	return False


def get_assets_json() -> dict[str, str]:
	"""Bundle names and their paths; empty while nothing is built."""
	found: dict[str, str] = {}
	for name in ("assets.json", "assets-rtl.json"):
		file = folder() / "assets" / name
		if file.is_file():
			found |= json.loads(file.read_text())
	return found
