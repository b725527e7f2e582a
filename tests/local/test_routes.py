"""What each address gives."""

import json
import os
from pathlib import Path

from PIL import Image
from tests.local.served import Listener, Server, served
from tests.local.waiting import until
from tests.sync.pictures import fill, photo

from pixmill.local.guard import PAGE_POLICY
from pixmill.local.recipe_file import RecipeFile
from pixmill.recipe import Recipe
from pixmill.version import __version__


def test_state_says_what_is_served(server: Server) -> None:
    state = server.get("/api/state").json()

    assert state["source"] == str(server.source)
    assert state["destination"] == str(server.destination)
    assert state["recipe"]["name"] == "pixmill.toml"
    assert state["recipe"]["kind"] == "toml"
    assert state["recipe"]["editable"] is True
    assert state["limits"] == {"max_bytes": 100_000}
    assert (state["writable"], state["version"]) == (True, __version__)
    assert {"originals", "complete", "rejected", "working", "waiting", "failed"} <= state["totals"].keys()


def test_an_upload_becomes_an_original_with_renditions(server: Server) -> None:
    data = photo(320, 240, seed=1)

    answer = server.upload("upload.jpg", data)

    assert (answer.status, answer.json()["key"]) == (201, "upload.jpg")
    assert (server.source / "upload.jpg").read_bytes() == data
    assert server.finished("upload.jpg") == ["complete"]
    found = server.original("upload.jpg")
    assert (found["format"], found["width"], found["height"], found["frames"]) == ("jpeg", 320, 240, 1)
    assert (found["renditions"], found["bytes"], found["reason"]) == (3, len(data), None)
    assert found["placeholder"].keys() == {"thumbhash", "colour"}
    assert [(each["rendition"], each["format"]) for each in found["outputs"]] == [
        ("standard", "jpeg"),
        ("standard", "webp"),
        ("thumbnail", "jpeg"),
    ]
    assert found["manifest"]["source"]["key"] == "upload.jpg"
    assert found["timings_ms"].keys() >= {"probe", "decode"}
    assert found["thumbnail"]["url"] in {each["url"] for each in found["outputs"][:2]}
    assert 'type="image/webp"' in found["snippet"]
    for each in found["outputs"]:
        file = server.get(each["url"])
        assert (file.status, len(file.body)) == (200, each["bytes"])
        assert file.headers["Content-Type"] == each["media_type"]
    assert server.get(found["original_url"]).body == data


def test_a_corrupt_upload_says_why_it_was_rejected_and_can_be_tried_again(server: Server) -> None:
    server.upload("half.jpg", photo(320, 240)[:2000])

    assert server.finished("half.jpg") == ["rejected"]
    reason = server.original("half.jpg")["reason"]
    assert reason["code"] == "truncated"
    assert reason["hint"]
    with Listener(server) as listener:
        listener.until("totals")
        assert server.write("POST", "/api/originals/half.jpg/retry").status == 202
        listener.until("original", key="half.jpg", status="rejected")


def test_an_original_is_deleted_with_its_renditions(server: Server) -> None:
    server.upload("doomed.jpg", photo(seed=2))
    server.finished("doomed.jpg")

    assert server.write("DELETE", "/api/originals/doomed.jpg").status == 204
    assert until(lambda: server.get("/api/originals/doomed.jpg").status == 404)
    assert not (server.source / "doomed.jpg").exists()
    assert until(lambda: not list(server.destination.rglob("doomed*")))
    assert server.write("DELETE", "/api/originals/doomed.jpg").code == "not-found"


def test_any_key_survives_as_one_segment(server: Server) -> None:
    keys = ["a b/ü%2F.jpg", "deep/er/100%.jpg", "x?y#z&.jpg", "..%2e/..jpg", "日本/語.jpg"]
    for key in keys:
        path = server.source / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo(seed=3))

    assert server.finished(*keys) == ["complete"] * len(keys)
    for key in keys:
        found = server.original(key)
        assert found["key"] == key
        assert server.get(found["original_url"]).body == photo(seed=3)
        assert server.get(found["outputs"][0]["url"]).status == 200


def test_lists_are_sorted_searched_filtered_and_cut(tmp_path: Path) -> None:
    fill(tmp_path / "source", 20)
    with served(tmp_path) as own:
        assert until(lambda: own.get("/api/state").json()["totals"]["complete"] == 18)

        def keys(query: str) -> list[str]:
            return [item["key"] for item in own.get(f"/api/originals?{query}").json()["items"]]

        everything = keys("sort=name")
        assert everything == sorted(everything, key=str.casefold)
        assert len(everything) == 20
        assert keys("sort=name&offset=5&limit=3") == everything[5:8]
        assert own.get("/api/originals?limit=3").json()["total"] == 20
        assert keys("status=rejected&sort=name") == ["album 0/9.png", "album 1/19.gif"]
        assert keys("search=ALBUM%202%2F%20.jpeg&sort=name") == ["album 2/8.jpeg"]
        assert keys("status=failed") == []
        sizes = [item["bytes"] for item in own.get("/api/originals?sort=size").json()["items"]]
        assert sizes == sorted(sizes, reverse=True)
        changes = [item["changed"] for item in own.get("/api/originals?sort=newest").json()["items"]]
        assert changes == sorted(changes, reverse=True)
        for wrong in ("sort=odd", "status=odd", "offset=-1", "limit=1e3", "offset=" + "9" * 40):
            assert own.get(f"/api/originals?{wrong}").code == "invalid-request"
        assert own.end() == 0

    with served(tmp_path) as again:  # what was done before is read from the manifests
        assert until(lambda: again.get("/api/state").json()["totals"]["complete"] == 18)
        assert again.get("/api/originals?status=rejected").json()["total"] == 2
        assert all(item["thumbnail"] for item in again.get("/api/originals?status=complete").json()["items"])
        assert again.write("DELETE", "/api/originals/album%200%2F0.jpeg").code == "read-only"


def test_files_are_never_pages(server: Server) -> None:
    evil = b"<script>alert(1)</script>"
    for name in ("evil.html", "evil.svg", "evil.jpg"):
        server.upload(name, evil)
        answer = server.get(f"/files/original/{name}")
        assert answer.body == evil
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "html" not in answer.headers["Content-Type"]
        assert "svg" not in answer.headers["Content-Type"]
    assert server.get("/files/original/evil.html").headers["Content-Disposition"].startswith("attachment;")
    assert server.get("/files/original/evil.jpg").headers["Content-Disposition"].startswith("inline;")


def test_files_are_not_sent_twice(server: Server) -> None:
    server.upload("tagged.jpg", photo(seed=5))
    server.finished("tagged.jpg")
    first = server.get("/files/original/tagged.jpg")

    again = server.get("/files/original/tagged.jpg", If_None_Match=f'"other", {first.headers["ETag"]}')
    assert (again.status, again.body) == (304, b"")
    versioned = server.get(server.original("tagged.jpg")["outputs"][0]["url"])
    assert "immutable" in versioned.headers["Cache-Control"]
    assert "no-cache" in first.headers["Cache-Control"]
    (server.source / "tagged.jpg").write_bytes(photo(seed=6))
    assert server.get("/files/original/tagged.jpg", If_None_Match=first.headers["ETag"]).status == 200


def test_every_answer_bears_the_policy(server: Server) -> None:
    for path in ("/api/state", "/nowhere", "/api/originals/none", "/static/none.js"):
        headers = server.get(path).headers
        assert headers["Content-Security-Policy"] == PAGE_POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        assert not [name for name in headers if name.lower().startswith("access-control")]
    assert "unsafe" not in PAGE_POLICY
    assert "default-src 'none'" in PAGE_POLICY


def test_a_recipe_is_checked_with_the_lines_of_its_mistakes(server: Server) -> None:
    text = '[[rendition]]\nname = "a"\nwidth = 0\n\n[[rendition]]\nname = "b"\nheight = 5\nfit = "insde"\n'

    found = server.post("/api/recipe/check", {"text": text}).json()

    assert found["ok"] is False
    assert [(each["path"], each["line"]) for each in found["problems"]] == [
        ("rendition[0].width", 3),
        ("rendition[1].fit", 8),
    ]
    assert "insde" in found["problems"][1]["message"]
    broken = server.post("/api/recipe/check", {"text": "[[rendition\n"}).json()
    assert broken["problems"][0]["line"] == 1
    good = server.post(
        "/api/recipe/check", {"text": text.replace("0", "9").replace("insde", "inside")}
    ).json()
    assert good == {"ok": True, "problems": [], "summary": "2 renditions, 2 files for each original"}


def test_a_preview_leaves_no_trace(server: Server) -> None:
    server.upload("previewed.jpg", photo(320, 240, seed=7))
    server.finished("previewed.jpg")
    before = sorted(server.destination.rglob("*"))
    text = '[[rendition]]\nname = "tiny"\nwidth = 20\nformats = ["png", "webp"]\n'

    found = server.post("/api/preview", {"key": "previewed.jpg", "text": text}).json()

    assert [(each["rendition"], each["format"], each["width"]) for each in found["outputs"]] == [
        ("tiny", "png", 20),
        ("tiny", "webp", 20),
    ]
    for each in found["outputs"]:
        file = server.get(each["url"])
        assert (len(file.body), file.headers["Content-Type"]) == (each["bytes"], each["media_type"])
        assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert sorted(server.destination.rglob("*")) == before
    assert server.post("/api/preview", {"key": "none.jpg", "text": text}).code == "not-found"
    assert server.post("/api/preview", {"key": "previewed.jpg", "text": "x"}).code == "invalid-recipe"
    strict = f"limits.max_megapixels = 0.01\n{text}"
    rejected = server.post("/api/preview", {"key": "previewed.jpg", "text": strict}).json()
    assert (rejected["outputs"], rejected["reason"]["code"]) == ([], "too-many-pixels")
    assert server.get("/files/preview/none/0").status == 404


def test_another_recipe_is_written_and_applied_to_all(tmp_path: Path) -> None:
    (tmp_path / "pixmill.toml").write_text('[[rendition]]\nname = "old"\nwidth = 20\n', "utf-8")
    fill(tmp_path / "source", 6)
    with served(tmp_path) as own:
        assert until(lambda: own.get("/api/state").json()["totals"]["complete"] == 6)
        text = '# Ours.\n[[rendition]]\nname = "new"\nwidth = 30\nformats = ["webp"]\n'

        mistaken = own.write("PUT", "/api/recipe", json.dumps({"text": "[[rendition]]"}).encode())
        assert mistaken.code == "invalid-recipe"
        changed = own.write("PUT", "/api/recipe", json.dumps({"text": text}).encode()).json()

        assert (changed["text"], changed["name"]) == (text, "pixmill.toml")
        assert own.get("/api/recipe").json() == changed
        assert (tmp_path / "pixmill.toml").read_text("utf-8") == text
        assert until(lambda: len(list((own.destination / "new").rglob("*.webp"))) == 6)
        assert until(
            lambda: not any(files for _, _, files in os.walk(own.destination / "old"))
        )  # folders go too
        file = next((own.destination / "new").rglob("*.webp"))
        with Image.open(file) as picture:
            assert picture.width == 30


def test_a_recipe_without_a_file_lasts_as_long_as_the_server(tmp_path: Path) -> None:
    with served(tmp_path) as own:
        state = own.get("/api/state").json()
        assert state["recipe"]["name"] is None
        text = state["recipe"]["text"].replace("800", "40").replace("600", "40")
        changed = own.write("PUT", "/api/recipe", json.dumps({"text": text}).encode())
        assert changed.json()["fingerprint"] != state["recipe"]["fingerprint"]
        assert not list(tmp_path.glob("pixmill.*"))


def test_the_text_shown_for_the_default_recipe_is_that_recipe() -> None:

    shown = RecipeFile(None)

    assert Recipe.parse(shown.text) == Recipe.default()
