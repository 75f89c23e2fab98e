"""Content Credentials (C2PA): what a file says about where it is from, signed with the key of this profile.

Nothing is asked of any server, for signing or for reading: there is no time stamp, and what a file refers to elsewhere
is not fetched.
"""

import contextlib
import importlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from audiostudio import __version__
from audiostudio.errors import EncodingFailed
from audiostudio.files import alone, readable_size, replace_file, scratch_file, storage_errors
from audiostudio.identity import Identity, fingerprint
from audiostudio.rights import Rights

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

JsonObject: TypeAlias = dict[str, Any]

FORMATS = {"wav": "wav", "flac": "flac", "mp3": "mp3", "m4a": "m4a", "m4b": "m4a", "mp4": "mp4"}
"""Endings of files that can hold credentials, and what c2pa calls them. Ogg and Opus cannot."""
LARGEST = 400_000_000
"""Bytes of a file that is signed: c2pa holds a WAV or FLAC three times in memory."""
LARGEST_READ = 2_000_000_000
"""Bytes of a file that is looked at: for that it is held once."""
SOURCES = "org.audiostudio.sources"
"""What we call the list of sources in the action that made a file."""

COMPOSED = "composed"

_GENERATOR = "Audio Studio"
_KINDS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_YEARS = 30
_DECADES = timedelta(days=365 * _YEARS)


@dataclass(frozen=True, slots=True)
class Source:
    """What one voice of a file is made with."""

    engine: str
    version: str
    voice: str
    """Its name."""
    method: str
    """`cloned`, `matched` or `standard`; `composed`: by a program that learnt from nothing."""
    consent: JsonObject = field(default_factory=dict)
    """Of an own voice: `whose`, `person`, `date`, `scope`, as the user wrote them."""

    def to_json(self) -> JsonObject:
        told: JsonObject = {"engine": self.engine, "version": self.version, "voice": self.voice, "method": self.method}
        return told | ({"consent": self.consent} if self.consent else {})


@dataclass(frozen=True, slots=True)
class Origin:
    """What is said about a file."""

    title: str
    rights: Rights
    sources: tuple[Source, ...] = ()
    """The synthetic voices in it, each once."""
    only_synthetic: bool = False
    """Whether nothing else is in it."""

    def manifest(self) -> JsonObject:
        """As c2pa's builder takes it."""
        created: JsonObject = {
            "action": "c2pa.created",
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "softwareAgent": {"name": _GENERATOR, "version": __version__},
            "digitalSourceType": _KINDS + self._kind(),
        }
        if self.sources:
            created["parameters"] = {SOURCES: [source.to_json() for source in self.sources]}
        terms = {"@context": {"dc": "http://purl.org/dc/elements/1.1/"}, "dc:rights": [self.rights.notice]}
        return {
            "claim_generator_info": [{"name": _GENERATOR, "version": __version__}],
            "title": self.title,
            "assertions": [
                {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
                {"label": "cawg.metadata", "kind": "Json", "data": terms},
            ],
        }

    def _kind(self) -> str:
        if all(source.method == COMPOSED for source in self.sources):
            return "algorithmicMedia" if self.sources and self.only_synthetic else "composite"
        return "trainedAlgorithmicMedia" if self.only_synthetic else "compositeWithTrainedAlgorithmicMedia"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a file."""

    state: str
    """`none`; `valid`: signed, and unchanged since; `invalid`: changed since, or signed wrongly; `unreadable`."""
    signer: str = ""
    """`this`: by this profile's key; `other`: by somebody's whom nobody vouches for here."""
    name: str = ""
    """Of the signer, as the certificate has it: anyone may write any name there."""
    generator: str = ""
    """The program, as it says of itself."""
    title: str = ""
    when: str = ""
    actions: tuple[JsonObject, ...] = ()
    """`{action, kind}` each."""
    sources: tuple[JsonObject, ...] = ()
    """See `Source`; of files that were made here."""
    rights: str = ""
    """The notice."""
    problems: tuple[str, ...] = ()
    """What is wrong: c2pa's codes, `assertion.dataHash.mismatch`."""


class Credentials:
    """Signs with the key of a profile, and reads what others signed. Raises `StorageError` where its key cannot be
    had."""

    def __init__(self, root: Path) -> None:
        """`root`: the profile's folder."""
        self._identity = Identity(root)
        self._chain_file = root / "credentials.pem"

    def sign(self, path: Path, suffix: str, origin: Origin) -> None:
        """Write the credentials into the file at `path`, a sound of the kind `suffix` (see `FORMATS`).

        After an error the file is as it was. Raises `EncodingFailed` where it cannot hold any, or is too large;
        `StorageError`s.
        """
        kind = FORMATS.get(suffix)
        if kind is None:
            raise EncodingFailed(f"A {suffix} file holds no Content Credentials.", "WAV, FLAC, MP3 and M4A do.")
        with storage_errors(path):
            size = path.stat().st_size
        if size > LARGEST:
            raise EncodingFailed(
                f"The file is too large for Content Credentials ({readable_size(size)}).",
                f"Up to {readable_size(LARGEST)} they can be written; MP3 and M4A are smaller.",
            )
        with _errors(path), scratch_file(path) as signed, storage_errors(path):
            self._signed(path, signed, kind, origin)
            signed.replace(path)

    def _signed(self, path: Path, signed: Path, kind: str, origin: Origin) -> None:
        c2pa = _library()
        key = self._identity.private_key
        algorithm = c2pa.C2paSigningAlg.ED25519
        with contextlib.ExitStack() as stack:
            context = stack.enter_context(c2pa.Context(c2pa.Settings.from_dict(self._settings)))
            signer = stack.enter_context(c2pa.Signer.from_callback(key.sign, algorithm, self._chain, None))
            builder = stack.enter_context(c2pa.Builder(origin.manifest(), context=context))
            source = stack.enter_context(path.open("rb"))
            target = stack.enter_context(signed.open("w+b"))
            builder.sign(signer, kind, source, target)
            target.flush()
            os.fsync(target.fileno())

    def read(self, path: Path) -> Found:
        """Raises `EncodingFailed` where credentials cannot be read here at all, `MissingMedia`, `StorageError`s; a file
        that is damaged or hostile is `unreadable`."""
        c2pa = _library()
        with contextlib.ExitStack() as stack:
            stack.enter_context(storage_errors(path))
            try:
                context = stack.enter_context(c2pa.Context(c2pa.Settings.from_dict(self._settings)))
                if path.stat().st_size > LARGEST_READ:
                    return Found("unreadable", problems=(f"larger than {readable_size(LARGEST_READ)}",))
                source = stack.enter_context(path.open("rb"))
                reader = c2pa.Reader.try_create(stream=source, context=context)  # whatever its name says
                if reader is None:
                    return Found("none")
                stack.callback(reader.close)
                data = json.loads(reader.json())
            except c2pa.C2paError as error:
                return Found("none") if _says_none(error) else Found("unreadable", problems=(str(error)[:200],))
            except (ValueError, RecursionError) as error:
                return Found("unreadable", problems=(str(error)[:200],))
        return _found(data)

    @cached_property
    def _settings(self) -> JsonObject:
        """Nothing is fetched; this profile's own certificates are the only ones that are vouched for."""
        verify = {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True}
        root = self._chain[self._chain.rindex("-----BEGIN") :]
        return {"verify": verify, "trust": {"user_anchors": root}, "builder": {"thumbnail": {"enabled": False}}}

    @cached_property
    def _chain(self) -> str:
        """The certificate of the profile's key, then the one that vouches for it, as PEM; kept beside the key."""
        public = self._identity.public_key
        with alone(self._chain_file):
            with contextlib.suppress(OSError, ValueError):
                kept = self._chain_file.read_text(encoding="ascii")
                if _public_key(kept) == public:
                    return kept
            made = _certificates(self._identity)
            replace_file(self._chain_file, made.encode())
        return made


def _library() -> Any:
    """The package c2pa, with its native part. Raises `EncodingFailed`."""
    try:
        return importlib.import_module("c2pa")
    except (ImportError, OSError, RuntimeError) as error:
        raise EncodingFailed(
            "Content Credentials cannot be used here: the package c2pa-python does not load.", "Install it again."
        ) from error


@contextlib.contextmanager
def _errors(path: Path) -> Iterator[None]:
    """c2pa's errors as ours."""
    c2pa = _library()
    try:
        yield
    except c2pa.C2paError as error:
        raise EncodingFailed(
            f"Content Credentials could not be written: {str(error)[:200]}.", "The sound itself is whole."
        ) from error


def _says_none(error: Exception) -> bool:
    """Whether the file just has none: also one of a kind that can hold none."""
    return str(error).startswith(("ManifestNotFound", "NotSupported", "Other: no jumbf", "Other: could not find"))


def _found(data: JsonObject) -> Found:
    """Of c2pa's report, which quotes what anybody may have written."""
    active = _dict(_dict(data.get("manifests")).get(str(data.get("active_manifest"))))
    signature = _dict(active.get("signature_info"))
    results = _dict(_dict(data.get("validation_results")).get("activeManifest"))
    problems = [_text(_dict(one).get("code")) for one in _list(results.get("failure"))]
    state = str(data.get("validation_state"))
    generator = _dict(next(iter(_list(active.get("claim_generator_info"))), {}))
    assertions = {_text(one.get("label")): one.get("data") for one in map(_dict, _list(active.get("assertions")))}
    actions = [_dict(one) for one in _list(_dict(assertions.get("c2pa.actions.v2")).get("actions"))]
    sources = [one for action in actions for one in _list(_dict(action.get("parameters")).get(SOURCES))]
    terms = _dict(assertions.get("cawg.metadata")).get("dc:rights")
    return Found(
        "valid" if state in ("Valid", "Trusted") else "invalid",
        "this" if state == "Trusted" else "other",
        _text(signature.get("common_name")) or _text(signature.get("issuer")),
        f"{_text(generator.get('name'))} {_text(generator.get('version'))}".strip(),
        _text(active.get("title")),
        next((_text(action.get("when")) for action in actions if action.get("when")), ""),
        tuple([{"action": _text(one.get("action")), "kind": _kind(one)} for one in actions[:50]]),
        tuple([_source(one) for one in sources if isinstance(one, dict)][:50]),
        _text(next(iter(_list(terms)), "")),
        tuple([code for code in problems if code != "signingCredential.untrusted"][:20]),
    )


def _source(data: JsonObject) -> JsonObject:
    """As `Source.to_json` has it."""
    told: JsonObject = {name: _text(data.get(name)) for name in ("engine", "version", "voice", "method")}
    consent = data.get("consent")
    if isinstance(consent, dict):
        told["consent"] = {name: _text(consent.get(name)) for name in ("whose", "person", "date", "scope")}
    return told


def _kind(action: JsonObject) -> str:
    return _text(action.get("digitalSourceType")).removeprefix(_KINDS)


def _dict(value: Any) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Without what could steer a terminal."""
    return "".join(one if one.isprintable() else " " for one in value[:1000]) if isinstance(value, str) else ""


def _certificates(identity: Identity) -> str:
    """A certificate for the key, by an authority that vouches for this one only and is forgotten at once."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    authority = Ed25519PrivateKey.generate()
    print_ = fingerprint(identity.public_key)
    builder = _certificate(f"The authority of {print_}", authority.public_key(), f"The authority of {print_}")
    identified = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
    root = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(identified, critical=False)
        .sign(authority, None)
    )
    public = identity.private_key.public_key()
    builder = _certificate(f"A studio of its own, {print_}", public, f"The authority of {print_}")
    purposes = [x509.oid.ExtendedKeyUsageOID.EMAIL_PROTECTION]
    issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identified)
    leaf = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority, None)
    )
    return _pem(leaf) + _pem(root)


def _certificate(name: str, public_key: Any, issuer: str) -> Any:
    from cryptography import x509

    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(_name(name)).issuer_name(_name(issuer)).public_key(public_key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + _DECADES)


def _name(text: str) -> Any:
    from cryptography import x509

    return x509.Name(
        [
            x509.NameAttribute(x509.oid.NameOID.ORGANIZATION_NAME, _GENERATOR),
            x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, text[:64]),
        ]
    )


def _usage(signs_certificates: bool) -> Any:
    from cryptography import x509

    no = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
    )
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        decipher_only=False,
        **no,
    )


def _pem(certificate: "Certificate") -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM).decode()


def _public_key(chain: str) -> bytes:
    """Of the first certificate. Raises `ValueError` for what is none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = x509.load_pem_x509_certificates(chain.encode())[0].public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
