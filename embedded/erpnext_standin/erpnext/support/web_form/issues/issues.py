"""The website's form for tickets."""

from typing import Any


def get_context(context: Any) -> None:
	"""Nothing beyond what the form says itself."""
