"""Animations in notebooks: those that end a cell play there.

`in_notebook` gives `matplotlib.animation.Animation` the methods that notebooks look for. A cell shows a page with a
player inside one element: plain HTML, which Jupyter, VS Code, Colab, marimo and exported pages play alike.
"""

from __future__ import annotations

import ast
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import animation as mpl_animation
from matplotlib.animation import Animation, HTMLWriter
from matplotlib.figure import Figure
from PIL import Image

from animate.animation_player import MAX_FRAMES, even_size, figure_of, play
from animate.errors import AnimateError, UsageError
from animate.notebook_controls import NOT_IN_EXPORTS, SceneControls, has_kernel
from animate.replay.frame_source import frame_source
from animate.replay.patching import patched
from animate.replay.user_messages import print_line
from animate.scene import Scene
from animate.script_animations import numbered_paths, recorded_animations

PROGRESS_AFTER, PROGRESS_EVERY = 0.5, 0.2
"""Seconds before progress appears in a cell, and between two changes of it."""

original_methods: dict[tuple[type, str], Any] = {}
"""The methods that `in_notebook` replaced, by class and name; empty while it is not in force."""


def in_notebook(max_frames: int = MAX_FRAMES, *, drawings: bool = False) -> None:
    """Let matplotlib animations play where they end a cell of a notebook, and scenes have a control for each parameter.

    ``%load_ext animate`` calls this. Calling it again only changes the limit.

    Parameters
    ----------
    max_frames : int
        The most frames that a cell shows.
    drawings : bool
        Whether animations are drawings in place of a video where those take fewer bytes; such a cell takes longer.

    Raises
    ------
    UsageError
        If `max_frames` is not a whole number of 1 or more.
    """
    if not isinstance(max_frames, int) or max_frames < 1:
        raise UsageError(f"max_frames must be a whole number, 1 or more; got {max_frames!r}")
    reset()
    options: dict[str, Any] = {"max_frames": max_frames, "drawings": drawings}
    methods: dict[tuple[type, str], Any] = {
        (Animation, "_repr_html_"): lambda animation: _play_and_close(animation, **options).html,
        (Animation, "_ipython_display_"): lambda animation: _show_or_report(animation, **options),
        (Animation, "to_html5_video"): _fast_html5_video(Animation.to_html5_video),
        (Animation, "to_jshtml"): _fast_jshtml(Animation.to_jshtml),
        (Scene, "_ipython_display_"): show_scene,
    }
    for (owner, name), method in methods.items():
        original_methods[owner, name] = vars(owner).get(name)
        setattr(owner, name, method)


def reset() -> None:
    """Undo `in_notebook`."""
    for (owner, name), method in original_methods.items():
        if method is None:
            delattr(owner, name)
        else:
            setattr(owner, name, method)
    original_methods.clear()


class CellOutput:
    """One output of a cell: progress while an animation is drawn, then the animation in its place."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._next = time.monotonic() + PROGRESS_AFTER

    def progress(self, frame: int, total: int | None) -> None:
        """Show how many frames are drawn, if it takes long."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PROGRESS_EVERY
        whole = f' max="{total}"' if total else ""
        text = f"frame {frame + 1}" + (f" of {total}" if total else "")
        self.show(f'<progress value="{frame + 1}"{whole}></progress> {text}', text)

    def show(self, html: str, text: str) -> None:
        """Replace what the output shows."""
        from IPython.display import display

        data = {"text/html": html, "text/plain": text}
        if self._handle is None:
            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)

    @contextmanager
    def cleared_on_error(self) -> Iterator[None]:
        """Remove progress if the block raises."""
        try:
            yield
        except BaseException:
            if self._handle is not None:
                self.show("", "")
            raise


def show(animation: Animation, **options: Any) -> None:
    """Show an animation as an output of the cell that runs; options as for `play`."""
    output = CellOutput()
    with output.cleared_on_error():
        player = _play_and_close(animation, progress=output.progress, **options)
    for file in player.written:
        _report(file)
    output.show(player.html, player.alt)


def _show_or_report(animation: Animation, **options: Any) -> None:
    """Show an animation; if its update fails, show the traceback, where IPython would go on and draw it once more."""
    from IPython.core.getipython import get_ipython

    try:
        show(animation, **options)
    except Exception:
        shell = get_ipython()
        if shell is None:
            raise
        shell.showtraceback()


def show_scene(scene: Scene) -> None:
    """Show a scene as an output of the cell that runs: below controls, if a script built it and a kernel is alive.

    Raises
    ------
    NotImplementedError
        If there can be no controls. IPython then shows the scene as it does without `in_notebook`.
    """
    if scene.origin is None or not has_kernel():
        raise NotImplementedError

    def play_scene(scene: Scene) -> None:
        shown = scene._repr_mimebundle_()
        output.show(shown["text/html"] + NOT_IN_EXPORTS, shown["text/plain"])

    output = CellOutput()
    SceneControls(*scene.origin, play_scene).display()
    play_scene(scene)


def _play_and_close(animation: Animation, **options: Any) -> Any:
    try:
        return play(animation, **options)
    finally:
        _close(figure_of(animation))


def _close(figure: Figure) -> None:
    """Close a figure that Jupyter's inline backend would show below the cell, as a picture."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and "inline" in str(mpl.get_backend()):
        pyplot.close(figure)


def _fast_html5_video(original: Callable[..., str]) -> Callable[..., str]:
    @wraps(original)
    def to_html5_video(self: Animation, embed_limit: float | None = None) -> str:
        with mpl.rc_context({"animation.writer": "animate"}), even_size(figure_of(self), None):
            return original(self, embed_limit)

    return to_html5_video


def _fast_jshtml(original: Callable[..., str]) -> Callable[..., str]:
    @wraps(original)
    def to_jshtml(
        self: Animation, fps: float | None = None, embed_frames: bool = True, default_mode: str | None = None
    ) -> str:
        with patched(mpl_animation, "HTMLWriter", ReplayHTMLWriter):
            return original(self, fps, embed_frames, default_mode)

    return to_jshtml


class ReplayHTMLWriter(HTMLWriter):
    """Writes the same page as matplotlib's `HTMLWriter`, from frames that are drawn once, by replay."""

    @contextmanager
    def saving(self, fig: Figure, outfile: Any, dpi: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Write the frames that are grabbed in the block."""
        with super().saving(fig, outfile, dpi, *args, **kwargs):
            self._source = frame_source(fig, self.dpi, report=print_line)
            with self._source.attached():
                yield self
            self._source.leave()

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        """Draw the figure and keep the picture."""
        if self.frame_format != "png" or getattr(self, "_hit_limit", False):
            super().grab_frame(**savefig_kwargs)
            return
        self._source.use(savefig_kwargs)
        frame = Image.fromarray(self._source.frame_view())

        def savefig(file: Any, **_options: Any) -> None:
            frame.save(file, "PNG", dpi=(self.dpi, self.dpi))

        with patched(self.fig, "savefig", savefig):
            super().grab_frame(**savefig_kwargs)


def register_cell_magic(shell: Any) -> None:
    """Register the cell magic ``%%animate`` in an IPython shell."""
    from IPython.core.error import UsageError as ShellUsageError
    from IPython.core.magic_arguments import argument, magic_arguments

    @magic_arguments()
    @argument("-o", "--output", action="append", default=[], type=Path, help="file to write; may be repeated")
    @argument("--fps", type=float, help="frames per second")
    @argument("--dpi", type=float, help="resolution of an animation in dots per inch")
    @argument("--hold", type=float, default=0.0, help="seconds for which the last frame of an animation stays")
    @argument("--alt", default="", help="alternative text of an animation")
    @argument("--drawings", action="store_true", help="show drawings where they take fewer bytes than a video")
    def animate(line: str, cell: str) -> None:
        """Save what the cell makes, and show it."""
        try:
            words = shlex.split(line)  # removes quotes, unlike `parse_argstring`
        except ValueError as error:
            raise ShellUsageError(f"%%animate: {error}") from error
        given = animate.parser.parse_args(words)
        options = {name: value for name, value in vars(given).items() if name != "output"}
        try:
            _save_cell(shell, cell, given.output, options)
        except AnimateError as error:
            raise ShellUsageError(f"%%animate: {error}") from error

    shell.register_magic_function(animate, "cell", "animate")


def _save_cell(shell: Any, cell: str, paths: list[Path], options: dict[str, Any]) -> None:
    from IPython.display import display

    with recorded_animations() as animations:
        value = _run_cell(shell, cell)
    if isinstance(value, Scene):
        for file in value.save(*paths, fps=options["fps"]) if paths else ():
            _report(file)
        display(value)
        return
    if isinstance(value, Animation):
        animations += [value] if all(one is not value for one in animations) else []
    elif value is not None:
        display(value)
    if not animations:
        raise UsageError("the cell must make an animation or end with a scene; it made none")
    for number, animation in enumerate(animations):
        show(animation, outputs=numbered_paths(paths, number), **options)


def _run_cell(shell: Any, cell: str) -> Any:
    """Run the source of a cell; return the value of its last expression, or None."""
    filename = shell.compile.cache(cell)
    tree = ast.parse(shell.transform_cell(cell), filename)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, filename, "exec"), shell.user_ns)  # noqa: S102 - a cell is code
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), filename, "eval"), shell.user_ns)  # noqa: S307


def _report(file: Any) -> None:
    print(f"{file.path}  {file.bytes / 1000:.0f} KB  {file.width}x{file.height}  {file.duration:.2f} s")  # noqa: T201
