"""Uploads are whole or not there, and never take another original's place."""

import socket
from pathlib import Path

from tests.local.served import Server, served
from tests.local.waiting import until
from tests.storage.bucket import Bucket
from tests.sync.pictures import photo


def test_a_name_that_is_taken_gets_a_number(server: Server) -> None:
    first, second, third = (photo(seed=number) for number in range(3))

    keys = [server.upload("taken.jpg", data).json()["key"] for data in (first, second, third, second)]

    assert keys == ["taken.jpg", "taken (2).jpg", "taken (3).jpg", "taken (2).jpg"]
    assert [(server.source / key).read_bytes() for key in keys] == [first, second, third, second]


def test_a_dropped_folder_keeps_its_shape(server: Server) -> None:
    path = "h%C3%B6lidays/day 1/sea.jpg"

    answer = server.upload("sea.jpg", photo(), X_Pixmill_Path=path)

    assert answer.json()["key"] == "hölidays/day 1/sea.jpg"
    assert (server.source / "hölidays" / "day 1" / "sea.jpg").is_file()


def test_an_upload_that_breaks_off_is_no_original(server: Server) -> None:
    spares = server.source / ".pixmill" / "uploads"
    host, port = server.host.split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            f"PUT /api/uploads/broken.jpg HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.origin}\r\n"
            "X-Pixmill: 1\r\nContent-Length: 5000\r\n\r\n".encode()
            + b"x" * 3000
        )
        assert until(lambda: list(spares.iterdir()))
    assert until(lambda: not list(spares.iterdir()))
    assert not (server.source / "broken.jpg").exists()
    assert server.get("/api/originals/broken.jpg").status == 404


def test_an_empty_file_is_an_original_that_is_rejected(server: Server) -> None:
    assert server.upload("empty.jpg", b"").status == 201
    assert server.finished("empty.jpg") == ["rejected"]
    assert server.original("empty.jpg")["reason"]["code"] == "empty"


def test_a_file_in_the_way_of_a_folder_is_named(server: Server) -> None:
    server.upload("sea.jpg", photo())

    answer = server.upload("shore.jpg", photo(), X_Pixmill_Path="sea.jpg/shore.jpg")

    assert (answer.status, answer.json()["code"]) == (409, "place-taken")
    assert "sea.jpg/shore.jpg: what should be its folder is a file" in answer.json()["message"]


def test_many_at_once(server: Server) -> None:
    keys = [f"many/{number}.jpg" for number in range(20)]
    for number, key in enumerate(keys):
        assert server.upload(key, photo(seed=number)).json()["key"] == key

    assert server.finished(*keys) == ["complete"] * 20


def test_between_buckets(tmp_path: Path, bucket: Bucket) -> None:
    """Uploads, renditions, deletes and changes by others, where nothing is a file."""
    recipe = '[[rendition]]\nname = "thumbnail"\nwidth = 16\n'
    (tmp_path / "pixmill.toml").write_text(recipe, "utf-8")
    ends = {"source": bucket.url("in"), "destination": bucket.url("out")}
    with served(tmp_path, "--poll", "0.3", "--writable", **ends) as own:
        first, second = photo(seed=1), photo(seed=2)
        keys = [own.upload("x.jpg", data).json()["key"] for data in (first, second, first)]
        assert keys == ["x.jpg", "x (2).jpg", "x.jpg"]
        assert bucket.head("in/x.jpg")["ContentType"] == "image/jpeg"
        assert own.finished("x.jpg", "x (2).jpg") == ["complete", "complete"]
        found = own.original("x.jpg")
        assert own.get(found["original_url"]).body == first
        assert own.get(found["thumbnail"]["url"]).headers["Content-Type"] == "image/jpeg"
        preview = own.post("/api/preview", {"key": "x.jpg", "text": recipe.replace("16", "8")}).json()
        assert preview["outputs"][0]["width"] == 8

        bucket.put("in/by/others.png", photo(seed=3, kind="PNG"))
        assert own.finished("by/others.png") == ["complete"]
        assert bucket.head("out/thumbnail/by/others.png.jpg")["ContentType"] == "image/jpeg"
        bucket.put("in/by/others.png", b"Not a picture at all.")
        assert until(lambda: own.original("by/others.png").get("status") == "rejected", pause=0.2)
        bucket.client.delete_object(Bucket=bucket.name, Key="in/by/others.png")
        assert own.write("DELETE", "/api/originals/x.jpg").status == 204
        left = ["in/x (2).jpg", "out/manifests/x (2).jpg.json", "out/thumbnail/x (2).jpg.jpg"]
        assert until(lambda: pictures(bucket) == left, pause=0.2)


def pictures(bucket: Bucket) -> list[str]:
    """What is there but for what is Pixmill's alone."""
    keys = bucket.keys()
    return [key for key in keys if "/.pixmill/" not in key]
