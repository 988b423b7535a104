"""Translations: what the app says, in `support_retainer/locale/main.pot`, and how it is said in Swedish, in `sv.po`.

`python -m tools.translations` (or `make translations`) brings both files in line with the code and lists what is left to translate.
It reads files alone and needs no site.
"""

from tools.translations.catalogs import Report, check, update
from tools.translations.messages import Message, Problem, messages

__all__ = ["Message", "Problem", "Report", "check", "messages", "update"]
