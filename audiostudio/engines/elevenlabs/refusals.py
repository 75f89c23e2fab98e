"""ElevenLabs' refusals in the user's words."""

import urllib.parse
from typing import Any

from audiostudio.engines.elevenlabs.catalogue import TITLE
from audiostudio.engines.remote.trouble import StrangeAnswer, Trouble, of_status, on_the_way
from audiostudio.errors import (
    AccountError,
    CreditsSpent,
    EngineFailed,
    KeyNeeded,
    NotFound,
    RequestError,
    StudioError,
    UnknownVoice,
)

_SPENT = ("quota_exceeded", "insufficient_credits", "credits_exceeded", "character_limit_exceeded")
_PLAN = ("paid_plan_required", "payment_required", "subscription_required", "only_for_creator+", "missing_permissions",
         "feature_not_available", "needs_authorization")  # fmt: skip
_KEY = ("invalid_api_key", "needs_authorization", "missing_api_key")


class FormatRefused(AccountError):
    """The plan does not allow that kind of sound."""


def explained(error: Exception, address: str, key: str) -> Trouble:
    """The trouble behind what ElevenLabs' client raised. What is none is raised again: it is our bug."""
    from elevenlabs.core.api_error import ApiError
    from elevenlabs.core.parse_error import ParsingError

    host = urllib.parse.urlsplit(address).netloc
    if isinstance(error, ParsingError):
        return on_the_way(StrangeAnswer("something that is not in its interface"), TITLE, host)
    if not isinstance(error, ApiError):
        return on_the_way(error, TITLE, host)
    status = error.status_code or 0
    headers = {str(name).lower(): str(value) for name, value in (error.headers or {}).items()}
    if status < 400 or (status != 429 and status < 500 and not isinstance(error.body, dict)):
        return on_the_way(StrangeAnswer(_page(error.body)), TITLE, host)
    code, message, field = _detail(error.body)
    message = message.replace(key, "…")[:300]
    common = of_status(status, TITLE, message, headers)
    return common or Trouble(_refused(status, code, message, field))


def _refused(status: int, code: str, message: str, field: str) -> StudioError:
    said = f" It says: “{message}”." if message else ""
    lower = message.lower()
    if code in _SPENT or "exceeds your quota" in lower:
        return CreditsSpent(
            f"Your ElevenLabs plan has too few credits left for this.{said}",
            "Wait for the next period, buy more, or use a local voice.",
        )
    if field == "output_format" or "output_format" in lower or code in ("output_format_not_allowed", "invalid_output"):
        return FormatRefused(f"Your ElevenLabs plan does not allow this kind of sound.{said}", "")
    if status == 401 and (code in _KEY or code not in _PLAN):
        return KeyNeeded(
            "ElevenLabs does not accept the API key.",
            "Copy it again from your account on elevenlabs.io: `audiostudio keys set elevenlabs`, or in AI Voices.",
        )
    if status in (401, 402, 403):
        return AccountError(
            f"Your ElevenLabs plan or key does not allow this.{said}",
            "Look at your plan, and at what the key may be used for, on elevenlabs.io.",
        )
    if status == 404:
        if "voice" in code or "voice" in lower:
            return UnknownVoice("ElevenLabs does not have this voice any more.", "Choose another; refresh the voices.")
        return NotFound(f"ElevenLabs does not have this any more.{said}", "Refresh the list.")
    if status in (400, 409, 413, 422):
        where = f" ({field})" if field else ""
        return RequestError(f"ElevenLabs cannot do this as asked{where}.{said}", "Change that, then try again.")
    return EngineFailed(f"ElevenLabs refused (error {status}).{said}", "Try again in a while.")


def _detail(body: Any) -> tuple[str, str, str]:
    """Code, message and field of a refusal, as far as it has them."""
    detail = body.get("detail", body) if isinstance(body, dict) else body
    if isinstance(detail, list) and detail and isinstance(detail[0], dict):  # one entry for each wrong field
        field = ".".join(str(part) for part in detail[0].get("loc", ()) if part not in ("body", "query", "path"))
        return str(detail[0].get("type", "")), str(detail[0].get("msg", "")), field
    if isinstance(detail, dict):
        code = str(detail.get("status") or detail.get("code") or detail.get("type") or "")
        return code, str(detail.get("message") or ""), str(detail.get("param") or "")
    return "", detail if isinstance(detail, str) and "<" not in detail else "", ""


def _page(body: Any) -> str:
    return "a web page" if isinstance(body, str) and "<" in body else "no JSON"
