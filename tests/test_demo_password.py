import stat

import pytest

from server.demo.command import password_of


@pytest.fixture
def told(tmp_path):
    return {"data": tmp_path, "demo_password": ""}


def test_a_password_is_made_once_and_stays_the_same(told, tmp_path):
    made = password_of(told)
    assert len(made) >= 12
    assert password_of(told) == made == (tmp_path / "demo-password").read_text()
    assert stat.S_IMODE((tmp_path / "demo-password").stat().st_mode) == 0o600


def test_the_operator_s_own_replaces_it_and_is_kept_where_serve_reads_it(told, tmp_path):
    password_of(told)
    assert password_of(told | {"demo_password": "选定的口令-2026"}) == "选定的口令-2026"
    assert (tmp_path / "demo-password").read_text() == "选定的口令-2026"
