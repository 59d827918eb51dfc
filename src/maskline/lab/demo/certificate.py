"""A self-signed certificate for the demo's HTTPS, made once."""

import os
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIFETIME = timedelta(days=825)
"""The longest that browsers take."""

RENEW_BEFORE = timedelta(days=30)


def keep_certificate(directory: Path, now: datetime) -> tuple[Path, Path]:
    """Certificate and key files (PEM) in `directory`; made when absent or soon expired.

    Raises OSError.
    """
    certificate, key = directory / "demo-cert.pem", directory / "demo-key.pem"
    if not (key.exists() and certificate.exists() and _is_fresh(certificate, now)):
        _make(certificate, key, now)
    return certificate, key


def _is_fresh(certificate: Path, now: datetime) -> bool:
    try:
        known = x509.load_pem_x509_certificate(certificate.read_bytes())
    except ValueError:
        return False
    return known.not_valid_after_utc - RENEW_BEFORE > now


def _make(certificate: Path, key: Path, now: datetime) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "maskline demo")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_whole(key, pem)
    write_whole(certificate, signed.public_bytes(serialization.Encoding.PEM))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 that is seen whole or not at all. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
