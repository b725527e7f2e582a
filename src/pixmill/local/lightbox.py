"""Everything that the page's addresses speak to, put together."""

import threading
from pathlib import Path

from pixmill.errors import PixmillError
from pixmill.local.answers import not_found
from pixmill.local.events import Bell
from pixmill.local.follow import Following
from pixmill.local.library import Library
from pixmill.local.preview import Previews
from pixmill.local.reader import Reader
from pixmill.local.recipe_file import RecipeFile
from pixmill.local.spare import clear_spares
from pixmill.recipe import Recipe
from pixmill.storage import Store

_PATIENCE = 5.0  # seconds; a store that does not answer must not hold up the end


class Lightbox:
    """One source and one destination, followed and shown.

    Args:
        source: where originals are, and where uploads go.
        destination: where renditions go.
        recipe: the file of the recipe; None for the default.
        writable: whether originals may be deleted.
        jobs: how many originals to work on at a time.
        every: seconds between listings of a source that is no folder.

    Raises:
        Refused: see `Following` and `RecipeFile`.
    """

    def __init__(  # noqa: PLR0913 - each is a switch of its own
        self,
        source: Store,
        destination: Store,
        recipe: Path | None,
        *,
        writable: bool,
        jobs: int | None,
        every: float,
    ) -> None:
        self.source = source
        self.destination = destination
        self.writable = writable
        self.recipe = RecipeFile(recipe)
        self.bell = Bell()
        self.previews = Previews(source)
        self._reader = Reader(destination)
        self.library = Library(self._reader.add, self.bell.ring)
        self._following = Following(
            source, destination, self.recipe.recipe, self.library, jobs=jobs, every=every
        )
        self._thread = threading.Thread(target=self._follow, name="pixmill-follow", daemon=True)
        self.ended = threading.Event()
        self.holding = self._following.holding
        self.error: BaseException | None = None

    def start(self) -> None:
        """Begin to follow."""
        clear_spares(self.source)
        self._reader.start(self.library)
        self._thread.start()

    def stop(self) -> None:
        """End everything; what is in work is dropped."""
        self._following.stop()
        self._thread.join(_PATIENCE)
        self._reader.stop()

    def retry(self, key: str) -> None:
        """Have an original judged anew.

        Raises:
            Refused: "not-found".
        """
        if self.library.item(key) is None:
            raise not_found(f"There is no original {key}.")
        self._following.retry(key)

    def arrived(self, key: str) -> None:
        """An original was put, whole, or deleted."""
        self._following.hint(key)

    def change_recipe(self, text: str) -> Recipe:
        """Have another recipe from now on, for all originals.

        Raises:
            RecipeError: it has mistakes; nothing was changed.
            Failed: its file cannot be written; nothing was changed.
        """
        recipe = self.recipe.change(text)
        self._following.apply(recipe)
        self.library.recipe_changed()
        return recipe

    def _follow(self) -> None:
        try:
            self._following.run()
        except BaseException as error:  # noqa: BLE001 - it is raised where the server was started
            self.error = error
            if isinstance(error, PixmillError):
                self.library.troubled(error)
        finally:
            self.ended.set()
