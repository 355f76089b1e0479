"""What a backup must not be: half of one, damaged, of another house, or with the keys beside it."""

import errno
import json
import os
import shutil

import pytest

from server.backup import command, databases, manifest, pictures
from server.visits.models import Visit
from tests.build import new_id, picture, put, visit
from tests.conftest import SECRET
from tests.phone import Phone


@pytest.fixture
def album(app):
    """Where the house keeps its pictures; nothing of earlier tests lies there."""
    folder = app.config["HONGLING"]["data"] / "photos"
    shutil.rmtree(folder)
    folder.mkdir()
    return folder


def log_visit(as_):
    path = f"/api/visits/{new_id()}"
    assert put(as_("an"), path, visit()).status_code == 201
    return path


def taken(folder):
    """Complete backups in a folder, oldest first."""
    return sorted(path.parent for path in folder.glob("*/manifest.json"))


@pytest.mark.engines
def test_data_is_never_overwritten_by_mistake(as_, operator, rows, tmp_path):
    operator("backup", tmp_path)
    log_visit(as_)
    told = operator("restore", tmp_path, fails=True)
    assert "数据库里已有数据" in told
    assert len(rows(Visit)) == 1


STAGES = [
    (pictures, "gather"),
    (databases, "dump"),
    (pictures, "list_named"),
    (manifest, "digest_of"),
    (manifest, "write"),
]


@pytest.mark.parametrize(("module", "name"), STAGES, ids=[name for _, name in STAGES])
def test_a_backup_that_was_cut_off_is_none(
    operator, as_, rows, tmp_path, monkeypatch, module, name
):
    path = log_visit(as_)
    operator("backup", tmp_path)
    log_visit(as_)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(module, name, full)
        told = operator("backup", tmp_path, fails=True)
    assert "没有做完" in told
    cut_off = [f for f in tmp_path.glob("2*") if f not in taken(tmp_path)]
    assert "没有完整的备份" in operator("restore", cut_off[0], "--replace", fails=True)
    operator("restore", tmp_path, "--replace")
    assert [f"/api/visits/{row.id}" for row in rows(Visit)] == [path]
    operator("backup", tmp_path)
    assert len(taken(tmp_path)) == 2


def test_the_newest_complete_one_comes_back_unless_another_is_named(as_, operator, rows, tmp_path):
    operator("backup", tmp_path)
    log_visit(as_)
    operator("backup", tmp_path)
    operator("restore", tmp_path, "--replace")
    assert len(rows(Visit)) == 1
    operator("restore", taken(tmp_path)[0], "--replace")
    assert rows(Visit) == []


def change(path, old, new):
    path.write_bytes(path.read_bytes().replace(old, new, 1))


DAMAGES = {
    "清单被改动": lambda here: change(here / "manifest.json", b'"visit": 1', b'"visit": 2'),
    "database.sqlite 损坏": lambda here: change(here / "database.sqlite", b"visit", b"tisiv"),
    "photos.sha256 损坏": lambda here: (here / "photos.sha256").unlink(),
    "没有完整的备份": lambda here: (here / "manifest.json").unlink(),
    "更新的程序": lambda here: change(here / "manifest.json", b'"format": 1', b'"format": 2'),
}


@pytest.mark.parametrize("sentence", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_is_touched(
    as_, operator, rows, tmp_path, sentence
):
    log_visit(as_)
    operator("backup", tmp_path)
    log_visit(as_)
    DAMAGES[sentence](taken(tmp_path)[0])
    assert sentence in operator("restore", tmp_path, "--replace", fails=True)
    assert len(rows(Visit)) == 2
    assert as_("an").get("/api/session").status_code == 200


def test_a_damaged_picture_is_refused_unless_the_house_still_has_it(album, as_, operator, tmp_path):
    Phone(as_("an")).note(picture())
    operator("backup", tmp_path)
    here = next(album.glob("*/*-1600.jpg"))
    kept = tmp_path / "photos" / here.parent.name / here.name
    kept.unlink()
    kept.write_bytes(b"bits rot")
    operator("restore", tmp_path, "--replace")
    here.unlink()
    assert f"photos/{here.parent.name}/{here.name} 损坏" in operator(
        "restore", tmp_path, "--replace", fails=True
    )


def test_a_picture_missing_in_the_house_is_told_and_does_not_stop_the_backup(
    album, as_, operator, tmp_path
):
    for n in range(2):
        Phone(as_("an")).note(picture(size=(64, 64 + n)))
    here = next(album.glob("*/*-320.jpg"))
    here.unlink()
    assert f"{here.parent.name}/{here.name} 在本机上已经缺失" in operator("backup", tmp_path)
    operator("restore", tmp_path, "--replace")


def test_pictures_of_removed_backups_leave_with_them(album, as_, operator, tmp_path):
    Phone(as_("an")).note(picture())
    operator("backup", tmp_path)
    an = Phone(as_("an"))
    an.note(picture(colour="blue"))
    operator("backup", tmp_path)
    assert len(list((tmp_path / "photos").glob("*/*"))) == 4
    operator("restore", taken(tmp_path)[0], "--replace")
    [path.unlink() for path in album.glob("*/*") if path.stat().st_nlink == 1]
    shutil.rmtree(taken(tmp_path)[1])
    operator("backup", tmp_path)
    assert len(list((tmp_path / "photos").glob("*/*"))) == 2


def test_two_backups_at_once_do_not_mix(operator, tmp_path):
    with command._alone(tmp_path / ".lock", command.BUSY):
        assert "另一个备份" in operator("backup", tmp_path, fails=True)
    operator("backup", tmp_path)


@pytest.mark.parametrize("same_disk", [True, False])
def test_a_second_backup_adds_only_new_pictures(
    album, as_, operator, tmp_path, monkeypatch, same_disk
):
    if not same_disk:

        def another_disk(*_):
            raise OSError(errno.EXDEV, "Invalid cross-device link")

        monkeypatch.setattr(os, "link", another_disk)
    an = Phone(as_("an"))
    an.note(picture())
    operator("backup", tmp_path)
    pool = lambda: {p: p.stat().st_ino for p in (tmp_path / "photos").glob("*/*.jpg")}  # noqa: E731
    first = pool()
    assert {path.stat().st_nlink for path in first} == {2 if same_disk else 1}
    an.note(picture(colour="blue"))
    operator("backup", tmp_path)
    assert (len(first), len(pool())) == (2, 4)
    assert pool() | first == pool()
    sums = [(here / "photos.sha256").read_text().splitlines() for here in taken(tmp_path)]
    assert [len(lines) for lines in sums] == [2, 4]
    assert set(sums[0]) < set(sums[1])


def test_a_picture_swept_while_the_rows_are_copied_is_in_the_backup(
    album, as_, operator, tmp_path, monkeypatch
):
    Phone(as_("an")).note(picture())
    dump = databases.dump

    def sweep_then(to):
        told = dump(to)
        for path in album.glob("*/*.jpg"):
            path.unlink()
        return told

    with monkeypatch.context() as crossed:
        crossed.setattr(databases, "dump", sweep_then)
        assert "缺失" not in operator("backup", tmp_path)
    operator("restore", tmp_path, "--replace")
    assert len(list(album.glob("*/*.jpg"))) == 2


def test_the_keys_are_never_beside_the_backup(app, operator, tmp_path):
    there, keys = tmp_path / "backups", tmp_path / "keys"
    told = operator("backup", there)
    assert "主密钥不在备份里" in told
    assert [p for p in there.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()] == []
    for together in (there, there / "keys", tmp_path):
        assert "不能与备份放在一起" in operator("backup", there, "--keys", together, fails=True)
    told = operator("backup", there, "--keys", keys)
    assert "主密钥不在备份里" not in told
    assert ((keys / "secret").read_text(), (keys / "secret").stat().st_mode & 0o777) == (
        SECRET,
        0o600,
    )
    (keys / "secret").write_text("of another house")
    assert "没有改动" in operator("backup", there, "--keys", keys, fails=True)
    assert (keys / "secret").read_text() == "of another house"
    assert {p.stat().st_mode & 0o077 for p in there.rglob("*")} == {0}


def test_a_copy_of_the_keys_is_never_cut_short(app, operator, tmp_path, monkeypatch):
    """Not touched while it is right; else the new bytes are on the disk before the old ones go."""
    there, keys = tmp_path / "backups", tmp_path / "keys"
    vapid = app.config["HONGLING"]["data"] / "keys" / "vapid.pem"
    vapid.write_bytes(b"the first")
    operator("backup", there, "--keys", keys)
    (keys / "secret").write_text(f"{SECRET}\n")
    before = [(path, path.stat().st_ino, path.stat().st_mtime_ns) for path in keys.iterdir()]
    operator("backup", there, "--keys", keys)
    assert [(path, path.stat().st_ino, path.stat().st_mtime_ns) for path, *_ in before] == before

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    vapid.write_bytes(b"the second")
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        operator("backup", there, "--keys", keys, fails=True)
    assert (keys / "vapid.pem").read_bytes() == b"the first"
    (keys / "secret").write_bytes(b"")  # such as an earlier program could leave
    operator("backup", there, "--keys", keys)
    assert (keys / "secret").read_text() == SECRET
    assert (keys / "vapid.pem").read_bytes() == b"the second"
    vapid.unlink()


def test_another_houses_backup_is_refused(app, operator, tmp_path, monkeypatch):
    operator("backup", tmp_path)
    monkeypatch.setitem(app.config["HONGLING"], "secret", "0123456789abcdef" * 4)
    assert "主密钥不是" in operator("restore", tmp_path, "--replace", fails=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"revision": "9999"}, "更新的程序"),
        ({"engine": "postgresql"}, "备份来自 postgresql"),
    ],
)
def test_what_this_house_cannot_read_is_refused(
    app, operator, tmp_path, monkeypatch, changes, sentence
):
    write = manifest.write
    with monkeypatch.context() as other:
        other.setattr(manifest, "write", lambda here, told: write(here, told | changes))
        operator("backup", tmp_path)
    assert sentence in operator("restore", tmp_path, "--replace", fails=True)


def test_rows_that_are_not_those_of_the_manifest_are_told(
    app, operator, as_, tmp_path, monkeypatch
):
    log_visit(as_)
    operator("backup", tmp_path)
    with monkeypatch.context() as forged:
        forged.setattr(databases, "load", lambda source: None)
        log_visit(as_)
        assert "与清单不符" in operator("restore", tmp_path, "--replace", fails=True)
        assert as_("an").get("/api/session").status_code == 503
    operator("restore", tmp_path, "--replace")


@pytest.mark.engines
def test_a_machine_without_pg_dump_is_told_what_to_install(
    app, operator, engine, tmp_path, monkeypatch
):
    """SQLite needs no program beside ours."""
    monkeypatch.setenv("PATH", "")
    told = operator("backup", tmp_path, fails=engine == "postgresql")
    assert ("没有找到 pg_dump" in told) == (engine == "postgresql")


def test_what_a_backup_says_of_itself_is_enough_to_compare(as_, operator, tmp_path):
    log_visit(as_)
    operator("backup", tmp_path)
    told = json.loads((taken(tmp_path)[0] / "manifest.json").read_text("utf-8"))
    assert (told["rows"]["visit"], told["rows"]["user"]) == (1, 9)
    assert {area: head["seq"] for area, head in told["chains"].items()} == {"/3713/371302/": 1}
