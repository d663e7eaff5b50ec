"""Kept mail is found by its Message-ID, whatever else lies in the folder."""

from pathlib import Path

from deploy.asking.mail_folder import find_mails


def _keep(folder: Path, name: str, message_id: str) -> Path:
    path = folder / f"{name}.eml"
    path.write_bytes(
        f"Return-Path: <a@example.org>\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\nMessage-ID: <no>\r\n".encode()
    )
    return path


def test_each_mail_is_found_by_its_message_id(tmp_path: Path) -> None:
    one = _keep(tmp_path, "20261123T1", "<one@remit.example.org>")
    two = _keep(tmp_path, "20261123T2", "<two@remit.example.org>")
    _keep(tmp_path, "20261123T3", "<other@remit.example.org>")

    found = find_mails(tmp_path, ["<one@remit.example.org>", "<two@remit.example.org>"])

    assert found == {"<one@remit.example.org>": one, "<two@remit.example.org>": two}


def test_of_two_copies_the_newest_is_meant(tmp_path: Path) -> None:
    _keep(tmp_path, "20261123T1", "<one@remit.example.org>")
    newer = _keep(tmp_path, "20261123T2", "<one@remit.example.org>")
    assert find_mails(tmp_path, ["<one@remit.example.org>"])["<one@remit.example.org>"] == newer


def test_mail_that_arrives_while_looking_is_found(tmp_path: Path) -> None:
    def arrive(_seconds: float) -> None:
        _keep(tmp_path, "20261123T1", "<late@remit.example.org>")

    assert "<late@remit.example.org>" in find_mails(
        tmp_path, ["<late@remit.example.org>"], pause=arrive
    )


def test_without_anything_to_find_nothing_is_waited_for(tmp_path: Path) -> None:
    def refuse(_seconds: float) -> None:
        raise AssertionError

    assert find_mails(tmp_path, [], pause=refuse) == {}
