"""What listeners are told, and that none misses anything."""

from pathlib import Path

from tests.local.served import Listener, Server, served
from tests.sync.pictures import fill, photo


def test_a_listener_hears_of_an_original_until_it_is_complete(server: Server) -> None:
    with Listener(server) as listener:
        assert listener.status == 200
        kind, totals = listener.event()
        assert kind == "totals"

        server.upload("heard.jpg", photo(320, 240))
        item = listener.until("original", key="heard.jpg", status="complete")
        assert (item["width"], item["renditions"]) == (320, 3)
        assert listener.until("totals", complete=totals["complete"] + 1)["renditions"] >= 3

        server.write("DELETE", "/api/originals/heard.jpg")
        assert listener.until("removed", key="heard.jpg") == {"key": "heard.jpg"}


def test_statuses_come_in_order(server: Server) -> None:
    order = ["waiting", "working", "complete"]
    with Listener(server) as listener:
        for number in range(5):
            server.upload(f"ordered {number}.jpg", photo(seed=number))
        seen: dict[str, list[str]] = {}
        while [statuses[-1] for statuses in seen.values()] != ["complete"] * 5:
            kind, item = listener.event()
            if kind == "original" and item["key"].startswith("ordered"):
                seen.setdefault(item["key"], []).append(item["status"])
    for statuses in seen.values():
        assert statuses == sorted(statuses, key=order.index)


def test_who_comes_back_is_told_what_was_missed(server: Server) -> None:
    with Listener(server) as listener:
        server.upload("before.jpg", photo(seed=20))
        listener.until("original", key="before.jpg", status="complete")
        listener.until("totals")
        last = listener.last
    server.upload("meanwhile.jpg", photo(seed=21))
    server.finished("meanwhile.jpg")

    with Listener(server, last) as again:
        kind, item = again.event()
        assert (kind, item["key"], item["status"]) == ("original", "meanwhile.jpg", "complete")
        again.until("totals")
    with Listener(server, again.last) as once_more:
        server.upload("after.jpg", photo(seed=22))
        kind, item = once_more.event()
        assert (kind, item["key"]) == ("original", "after.jpg")


def test_a_mark_of_another_run_means_to_begin_anew(server: Server) -> None:
    for mark in ("0-0", "nonsense", "ffffffff-12", "-", "-1"):
        with Listener(server, mark) as listener:
            assert listener.event() == ("reset", {})
            server.upload(f"{mark}.jpg", photo(seed=30))
            listener.until("original", key=f"{mark}.jpg", status="complete")


def test_another_recipe_is_told(tmp_path: Path) -> None:
    fill(tmp_path / "source", 3)
    with served(tmp_path) as own, Listener(own) as listener:
        listener.until("totals", complete=3)
        text = '[[rendition]]\\nname = \\"other\\"\\nwidth = 9\\n'
        own.write("PUT", "/api/recipe", f'{{"text": "{text}"}}'.encode())
        assert "other" in listener.until("recipe")["text"]
        listener.until("totals", complete=3, renditions=3)


def test_a_listener_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with served(tmp_path) as own, Listener(own):
        assert own.end() == 0
