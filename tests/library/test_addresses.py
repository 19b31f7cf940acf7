from __future__ import annotations

import pytest

from app.library.addresses import is_loopback


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8188", True),
        ("http://127.8.0.1", True),
        ("https://localhost/v1", True),
        ("http://[::1]:8188", True),
        ("http://192.168.1.20:8188", False),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1@example.org", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_only_addresses_of_this_machine_are_loopback(address: str, here: bool) -> None:
    assert is_loopback(address) is here
