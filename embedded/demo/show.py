"""Printing for people: steps as they happen, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table


class Screen:
	"""What the demonstration writes on: a terminal in colour, or plain text in a pipe."""

	def __init__(self) -> None:
		self.console = Console(highlight=False, soft_wrap=False)
		if not self.console.is_terminal:
			self.console = Console(highlight=False, width=150)

	def step(self, text: str) -> None:
		"""Say that a new step begins."""
		self.console.print(f"[bold cyan]●[/] {text}")

	def detail(self, text: str) -> None:
		"""Say how a step gets on."""
		self.console.print(f"  [dim]{text}[/]")

	def say(self, text: str = "") -> None:
		"""Print a line of plain text."""
		self.console.print(text)

	def table(
		self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], note: str = ""
	) -> None:
		"""Print a table. A column whose name ends in > is set to the right; a row of one "-" draws a line."""
		table = Table(
			title=title,
			title_justify="left",
			title_style="bold",
			caption=note or None,
			caption_justify="left",
		)
		for column in columns:
			table.add_column(column.rstrip(">"), justify="right" if column.endswith(">") else "left")
		for row in rows:
			if tuple(row) == ("-",):
				table.add_section()
			else:
				table.add_row(*row)
		self.console.print()
		self.console.print(table)
