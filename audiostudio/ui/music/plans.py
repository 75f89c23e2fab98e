"""Plans and briefs as they are stored in recipes."""

from typing import TYPE_CHECKING, Any

from audiostudio.errors import StudioError
from audiostudio.music.plan import Plan
from audiostudio.timeline.schema import SchemaError, decode

if TYPE_CHECKING:
    from audiostudio.library.model import Asset


def plan_from(data: Any) -> Plan | None:
    """None: there is none, or it is of a program that writes them otherwise."""
    if data is None:
        return None
    try:
        return decode(Plan, data)
    except (SchemaError, StudioError):
        return None


def plan_of(asset: "Asset") -> Plan | None:
    """By which an asset was made, where a composer made it."""
    return plan_from((asset.recipe or {}).get("plan"))
