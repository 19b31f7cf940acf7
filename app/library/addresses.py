"""What an address on the web says of where it leads."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(host: str) -> bool:
    """Whether a host, by its name or number, is in a network of one's own."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host.lower().endswith((".local", ".lan", ".home.arpa", ".internal"))
