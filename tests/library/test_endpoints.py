from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.library import secrets
from app.library.endpoints import Endpoint, Endpoints, Kind

MINE = Endpoint("Mine", Kind.OPENAI, "https://gpu.example.com/v1/")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_memory", secrets._Memory())
    monkeypatch.setattr(secrets, "VARIABLES", dict(secrets.VARIABLES))
    monkeypatch.setattr(secrets, "_keychain", lambda: None)


@pytest.fixture
def endpoints() -> Endpoints:
    return Endpoints(reserved=["mlx", "Replicate"])


def test_what_was_added_is_there_for_the_next_start(endpoints: Endpoints) -> None:
    kept = endpoints.add(MINE)
    second = endpoints.add(Endpoint("fal 2", Kind.FAL, "http://127.0.0.1:8000", "FAL_KEY", price=0.01))
    assert kept.url == "https://gpu.example.com/v1"
    assert Endpoints().list() == (kept, second)
    assert Endpoints().get(" mine ") == kept


def test_what_was_removed_is_gone_and_changes_are_told(endpoints: Endpoints) -> None:
    told = []
    end = endpoints.subscribe(lambda: told.append([each.name for each in endpoints.list()]))
    endpoints.add(MINE)
    endpoints.remove("MINE")
    end()
    endpoints.add(MINE)
    assert told == [["Mine"], []]
    endpoints.remove("Mine")
    with pytest.raises(UserError, match="There is no endpoint called “mine”"):
        endpoints.remove("mine")


def test_what_another_process_changed_is_told_after_a_look(endpoints: Endpoints) -> None:
    told = []
    endpoints.subscribe(lambda: told.append([each.name for each in endpoints.list()]))
    Endpoints().add(MINE)
    endpoints.look()
    endpoints.look()
    Endpoints().remove("Mine")
    endpoints.look()
    assert told == [["Mine"], []]


@pytest.mark.parametrize(
    "name", ["", " ", "auto", "MLX", "replicate", "a/b", "../x", ".x", "a\nb", "x" * 41, "a:b", "-x"]
)
def test_odd_and_taken_names_are_refused(endpoints: Endpoints, name: str) -> None:
    with pytest.raises(UserError):
        endpoints.add(Endpoint(name, Kind.OPENAI, MINE.url))
    assert endpoints.list() == ()


def test_names_differ_by_more_than_capitals_and_composition(endpoints: Endpoints) -> None:
    endpoints.add(Endpoint("Büro 1", Kind.OPENAI, MINE.url))
    for name in ("BÜRO 1", "Bu\u0308ro 1"):
        with pytest.raises(UserError, match="already"):
            endpoints.add(Endpoint(name, Kind.OPENAI, MINE.url))
    assert endpoints.add(Endpoint("我的服务器", Kind.OPENAI, MINE.url)).name == "我的服务器"


@pytest.mark.parametrize(
    "url",
    [
        "", "gpu.example.com", "ftp://x", "http://gpu.example.com", "http://192.168.1.5:8000", "http://localhost.evil.com",
        "http://127.0.0.1@evil.com", "https://user:secret@x.com", "https://x.com?key=secret", "https://x.com#a",
        "http://127.0.0.1\\@evil.com", "https://x.com:99999", "https://x.com/a b", "https://", "https://x.com:0",
        "http://0.0.0.0", "https://" + "x" * 2000 + ".com", "https://x.com/\n",
    ],
)  # fmt: skip
def test_addresses_that_are_not_safe_are_refused(endpoints: Endpoints, url: str) -> None:
    if url.endswith("\n"):  # what a copied line ends with is no harm
        assert endpoints.add(Endpoint("a", Kind.OPENAI, url)).url == "https://x.com"
        return
    with pytest.raises(UserError) as raised:
        endpoints.add(Endpoint("a", Kind.OPENAI, url))
    assert "secret" not in str(raised.value)


def test_fals_address_that_is_no_queue_is_corrected(endpoints: Endpoints) -> None:
    with pytest.raises(UserError, match=r"https://queue\.fal\.run"):
        endpoints.add(Endpoint("a", Kind.FAL, "https://fal.run/fal-ai/sana"))


@pytest.mark.parametrize(
    "url", ["http://localhost:1", "http://127.0.0.1", "http://127.9.9.9:80/x", "http://[::1]:8000"]
)
def test_this_machine_may_be_asked_without_encryption(endpoints: Endpoints, url: str) -> None:
    assert endpoints.add(Endpoint("a", Kind.OPENAI, url)).loopback


def test_a_key_in_the_place_of_its_variable_is_refused_and_not_repeated(endpoints: Endpoints) -> None:
    with pytest.raises(UserError) as raised:
        endpoints.add(Endpoint("a", Kind.FAL, MINE.url, "sk-secret"))
    assert "sk-secret" not in str(raised.value)


def test_a_key_is_for_its_host_alone(endpoints: Endpoints) -> None:
    old = endpoints.add(MINE)
    secrets.set(old.secret, "the-key", session_only=True)
    moved = endpoints.replace(Endpoint("mine", Kind.OPENAI, "https://gpu.example.com/other"))
    assert (moved.name, secrets.get(moved.secret).value) == ("Mine", "the-key")
    other = endpoints.replace(Endpoint("Mine", Kind.OPENAI, "https://evil.example.com"))
    assert secrets.get(other.secret).value is None
    back = endpoints.replace(MINE)
    assert secrets.get(back.secret).value is None


def test_another_host_forgets_the_variable_too(endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "the-key")
    old = endpoints.add(Endpoint("a", Kind.OPENAI, "https://a.com", "MY_KEY"))
    assert secrets.get(old.secret).value == "the-key"
    new = endpoints.replace(Endpoint("a", Kind.OPENAI, "https://b.com", "MY_KEY"))
    assert (new.key_env, secrets.get(new.secret).value) == ("", None)
    assert secrets.redact("the-key") == "•••"


def test_a_file_edited_by_hand_to_another_host_has_no_key(endpoints: Endpoints, home: Path) -> None:
    old = endpoints.add(MINE)
    secrets.set(old.secret, "the-key", session_only=True)
    file = home / "endpoints.json"
    file.write_text(file.read_text(encoding="utf-8").replace("gpu.example", "evil.example"), encoding="utf-8")
    (moved,) = endpoints.list()
    assert secrets.get(moved.secret).value is None
    assert "the-key" not in file.read_text(encoding="utf-8")


def test_a_locked_keychain_keeps_a_key_with_its_endpoint(endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked() -> None:
        raise RuntimeError

    endpoints.add(MINE)
    endpoints.add(Endpoint("here", Kind.OPENAI, "http://127.0.0.1:8000"))
    monkeypatch.setattr(secrets, "_keychain", locked)
    with pytest.raises(UserError, match="locked"):
        endpoints.remove("Mine")
    endpoints.remove("here")
    assert [each.name for each in endpoints.list()] == ["Mine"]


def test_what_a_later_version_wrote_stays_in_the_file(home: Path) -> None:
    home.mkdir()
    file = home / "endpoints.json"
    later = {"kind": "grpc", "url": "https://x.com"}
    known = {"kind": "openai", "url": "https://x.com", "colour": "red"}
    file.write_text(json.dumps({"Later": later, "Known": known, "nonsense": 3}), encoding="utf-8")
    endpoints = Endpoints()
    assert [each.name for each in endpoints.list()] == ["Known"]
    endpoints.replace(Endpoint("Known", Kind.OPENAI, "https://x.com/y"))
    endpoints.add(MINE)
    values = json.loads(file.read_text(encoding="utf-8"))
    assert values["Later"] == later
    assert (values["Known"]["colour"], values["Known"]["url"]) == ("red", "https://x.com/y")
    with pytest.raises(UserError, match="already"):
        endpoints.add(Endpoint("later", Kind.OPENAI, MINE.url))


@pytest.mark.parametrize("template", ["[1]", "{", "x" * 5, "[" * 5000])
def test_a_template_is_a_json_object(endpoints: Endpoints, template: str) -> None:
    with pytest.raises(UserError, match="no JSON object"):
        endpoints.add(Endpoint("a", Kind.RUNPOD, MINE.url, template=template))


def test_a_template_without_a_place_for_the_prompt_would_be_paid_for_nothing(endpoints: Endpoints) -> None:
    with pytest.raises(UserError, match="no place for the prompt"):
        endpoints.add(Endpoint("a", Kind.RUNPOD, MINE.url, template='{"prompt": "{{seed}}"}'))
    assert endpoints.add(Endpoint("a", Kind.RUNPOD, MINE.url, template='{"p": "a {{ prompt }}"}')).template


@pytest.mark.parametrize("price", [-1, float("nan"), float("inf"), 1e9])
def test_a_price_is_a_sum_of_money(endpoints: Endpoints, price: float) -> None:
    with pytest.raises(UserError, match="price"):
        endpoints.add(Endpoint("a", Kind.RUNPOD, MINE.url, price=price))
