import stat

import pytest

from server.core.settings import Unstartable, load


def test_a_first_start_makes_what_it_needs_for_its_owner_only(tmp_path):
    told = load({"HONGLING_DATA": str(tmp_path / "var")})
    kept = told["data"] / "keys" / "secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(told["data"].stat().st_mode) == 0o700
    assert load({"HONGLING_DATA": str(tmp_path / "var")})["secret"] == told["secret"]


@pytest.mark.parametrize(
    "secret", [None, "", "short", "changeme" * 8, "example-secret-example-secret-123"]
)
def test_production_does_not_start_on_a_missing_or_placeholder_secret(tmp_path, secret):
    environ = {"HONGLING_DATA": str(tmp_path), "HONGLING_URL": "https://hl.linyi.test"}
    if secret is not None:
        environ["HONGLING_SECRET"] = secret
    with pytest.raises(Unstartable, match="HONGLING_SECRET"):
        load(environ)


def test_production_starts_on_a_secret_from_a_file(tmp_path):
    (tmp_path / "s").write_text("7d41" * 16)
    told = load(
        {
            "HONGLING_DATA": str(tmp_path),
            "HONGLING_URL": "https://hl.linyi.test",
            "HONGLING_SECRET_FILE": str(tmp_path / "s"),
        }
    )
    assert told["production"] is True


def test_a_wrong_number_is_told_with_its_name(tmp_path):
    with pytest.raises(Unstartable, match="PORT"):
        load({"HONGLING_DATA": str(tmp_path), "PORT": "eighty"})


def test_every_answer_of_the_api_says_whose_it_is(as_):
    for path in ("/api/session", "/api/nothing", "/api/health"):
        assert as_("an").get(path).headers["Hongling-Start"] == "-"
    assert "Hongling-Start" not in as_("an").get("/me").headers
