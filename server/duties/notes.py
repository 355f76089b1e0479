"""What was said stays between the unit and the organization department: sealed at rest."""

from typing import Any

from server.core import crypto

from .models import Fulfilment


def sealed(id: Any, text: str) -> str:
    return crypto.seal(text, about=f"fulfilment {id}")


def opened(fulfilment: Fulfilment) -> str:
    return crypto.unseal(fulfilment.notes, about=f"fulfilment {fulfilment.id}")
