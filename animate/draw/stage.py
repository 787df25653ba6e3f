"""The figure of a scene: title, caption, counter, panels on a grid, and a progress bar."""

from __future__ import annotations

import copy
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from animate.draw.artist_cache import ArtistCache, CacheMiss
from animate.draw.cues import Cues, StagedPanel
from animate.draw.fonts import check_glyphs
from animate.draw.formatting import grouped
from animate.draw.layout import Cell, Rectangle, Room, lay_out
from animate.draw.logo import add_logo
from animate.draw.panel_axes import MountedPanel, PanelAxes
from animate.draw.panels.base import Panel, label_room, overhang, plain_axes
from animate.draw.readout import Readout
from animate.draw.settings import Settings
from animate.draw.stage_spec import StageSpec
from animate.draw.story import StoryTimeline
from animate.draw.style import DPI, Style
from animate.draw.text_lines import LINE, fit_captions, fit_title, height_below_first, is_right_to_left, place_text

MOST_COUNTER = 0.3
"""Share of the width of the picture that the word beside the counter may take."""
_LEAST_KEPT = 0.85
"""Share of the width that was assumed for axes: if less is left, their panel is created again for what is left."""


class Stage:
    """A scene drawn at one size in one theme: created once, then set to any moment in any order.

    Parameters
    ----------
    spec : StageSpec
        What is drawn.
    settings : Settings
        Size and theme.
    """

    def __init__(self, spec: StageSpec, settings: Settings) -> None:
        self.style = Style(settings, spec.counter)
        with spec.language.active():
            self._begin(spec)

    def rebind(self, spec: StageSpec) -> None:
        """Show another specification, with the pixels of a new stage.

        Takes a fraction of the time of a new stage if the panels are of the same kinds and little else changes.
        """
        with spec.language.active():
            if self._gutters or _moves_views(self.spec) or _moves_views(spec):
                self._begin(spec)  # ticks that a view brought along would remain
                return
            try:
                self._build(spec)
            except CacheMiss:
                self._begin(spec)

    def _begin(self, spec: StageSpec) -> None:
        """Create the figure; once more if axes came out much narrower than those their panels were created for."""
        self._gutters: list[float] = []
        try:
            self._start(spec)
        except CacheMiss:
            self._start(spec)

    def _start(self, spec: StageSpec) -> None:
        style = self.style
        ground = "none" if style.settings.transparent else style.theme.background
        self.figure = Figure(figsize=(style.width / DPI, style.height / DPI), dpi=DPI, facecolor=ground)
        FigureCanvasAgg(self.figure)
        self._pixels = Affine2D().scale(1 / DPI) + self.figure.dpi_scale_trans
        corner = (self._edge, style.height - style.between(9, 27))
        self._beside_logo, self._below_logo = add_logo(self.figure, style, self._pixels, corner)
        self._words, self._places = ArtistCache(self.figure), list[PanelAxes]()
        self._build(spec)

    def _build(self, spec: StageSpec) -> None:
        self.spec = spec
        self._update: int | None = None
        self._cues: Cues | None = None
        self._texts: list[Text] = []
        self.shortened: dict[str, tuple[float, float]] = {}
        """The words that are cut, with their width and their room in pixels."""
        for place in self._places:
            place.axes.set_visible(True)
        with self._words.building():
            self._frame()
            self._head()
            self._mount()
            self._draw_progress_bar()
        if isinstance(spec.timeline, StoryTimeline):
            panels = [StagedPanel(one.panel, one.axes, one.heading) for one in self._mounted]
            self._cues = Cues(spec.timeline, panels, self.style)
        self.show(0.0)
        for text in self.figure.findobj(Text):  # those that no layout has measured
            check_glyphs(text.get_text(), self.style.family(bold=text.get_fontweight() == "bold"))

    @property
    def mounted(self) -> list[tuple[Panel, Axes]]:
        """Return each panel with its axes, in the order of the specification."""
        return [(one.panel, one.axes) for one in self._mounted]

    def show(self, time: float) -> None:
        """Set every artist to a time in seconds."""
        with self.spec.language.active():
            self._show(time)

    def _show(self, time: float) -> None:
        timeline = self.spec.timeline
        update = timeline.update_at(time)
        if update != self._update:
            self._show_update(update)
        if isinstance(timeline, StoryTimeline) and self._cues is not None:
            self._show_caption(timeline.chapter_at(time), update)
            self._cues.show(time, timeline.position_at(time))
        share = timeline.share_at(time)
        self._progress_bar.set_xdata([self._left, self._left + share * (self._right - self._left)])

    def _show_update(self, update: int) -> None:
        self._update = update
        for text, readout in self._readouts:
            text.set_text(readout.text(update))
            text.set_color(self.style.theme.color(readout.role(update) if readout.role else "muted"))
        self._count.set_text(f"{grouped(update)} / {grouped(self.spec.timeline.n_updates)}")
        for subtitle, words in self._subtitles:
            subtitle.set_text(words(update))
        if self._cues is None:
            self._show_caption(0, update)
            for mounted in self._mounted:
                mounted.panel.show(update)

    def _show_caption(self, chapter: int, update: int) -> None:
        """Show the caption from the latest update that has one, or else the words of a beat."""
        latest = bisect_right(self._caption_updates, update) - 1 if chapter < self._closing else -1
        self._caption.set_text(self._captions[latest if latest >= 0 else len(self._caption_updates) + chapter])

    # -- the frame around the panels

    @property
    def _edge(self) -> float:
        """Return how far everything is from the left edge."""
        return self.style.between(20, 58) if self.style.is_wide else self.style.between(9, 27)

    def _frame(self) -> None:
        """Place counter, panels and progress bar."""
        style = self.style
        edge = style.between(9, 27)
        self._progress_y = style.between(9, 25)
        if style.is_wide:
            self._left = self._edge
            self._right = style.width - style.between(20, 40)
            self._count_y = style.height - edge - style.title_px
            self._bottom = self._progress_y + style.between(6, 16)
        else:
            self._left, self._right = edge, style.width - edge
            self._count_y = self._progress_y + style.between(8, 12)
            self._bottom = self._count_y + style.readout_px + style.between(6, 12)

    def _text(self, x: float, y: float, text: str, size_px: float, role: str, **options: bool) -> Text:
        self._texts.append(place_text(self.figure, self.style, self._pixels, (x, y), text, size_px, role, **options))
        return self._texts[-1]

    def _cut(self, text: str, size_px: float, room: float, *, bold: bool = False) -> str:
        cut = self.style.cut(text, size_px, room, bold=bold)
        if cut != text:
            self.shortened[text] = self.style.text_width(text, size_px, bold=bold), room
        return cut

    def _head(self) -> None:
        """Place the title, the captions and the counters; those of a wide picture stand beside the words."""
        style, spec, is_wide = self.style, self.spec, self.style.is_wide
        gap, left = style.between(10, 28), self._left + self._beside_logo
        self._readouts: list[tuple[Text, Readout]] = []
        self._caption_updates, self._closing = list(spec.captions()), spec.closing_chapter
        counter_left = self._put_counter()
        title_right = counter_left - gap if is_wide else self._right
        title, title_px = fit_title(spec.title, style, title_right - left)
        more = height_below_first([title], title_px)
        if is_wide:
            title_y = self._count_y - more
            caption_y = title_y - style.between(6, 17) - style.caption_px
        else:
            title_y = style.height - style.between(9, 27) - self._below_logo
            caption_y = title_y - more - LINE * title_px - style.between(3, 6)
        from_right = is_right_to_left([title])
        x = title_right if from_right else left
        self._text(x, title_y, title, title_px, "ink", bold=True, right=from_right, below=not is_wide)
        secondary_left = self._right
        if spec.secondary_counter is not None:
            right, y = (self._right, caption_y) if is_wide else (counter_left - gap, self._count_y)
            room = 0.34 * style.width if is_wide else right - self._left
            secondary_left = self._put_readout(spec.secondary_counter, y, right, style.label_px, room)
        words_right = secondary_left - gap if is_wide else self._right
        self._captions = fit_captions(spec.words(), style, words_right - left)
        more = height_below_first(self._captions, style.caption_px)
        if is_wide:
            self._top = caption_y - more - style.between(8, 22)
            caption_y += style.caption_px if more else 0.0
        else:
            self._top = caption_y - more - LINE * style.caption_px - style.between(6, 10)
        from_right = is_right_to_left(self._captions)
        x, below = words_right if from_right else left, not is_wide or more > 0
        self._caption = self._text(x, caption_y, "", style.caption_px, "muted", right=from_right, below=below)

    def _put_counter(self) -> float:
        """Put the counter at the right; return its left edge."""
        style, total = self.style, grouped(self.spec.timeline.n_updates)
        size = style.readout_px
        counter = self._cut(style.pick(self.spec.counter), size, MOST_COUNTER * style.width)
        self._count = self._text(self._right, self._count_y, "", size, "ink", right=True)
        label_right = self._right - style.text_width(f"{total} / {total}", size) - 0.45 * size
        self._text(label_right, self._count_y, counter, size, "muted", right=True)
        return label_right - style.text_width(counter, size)

    def _put_readout(self, readout: Readout, y: float, right: float, size_px: float, room: float) -> float:
        """Put a readout against a right edge; return its left edge."""
        style = self.style
        self._readouts.append((self._text(right, y, "", size_px, "muted", right=True), readout))
        value_px = style.text_width(readout.widest, size_px)
        free = room - value_px - 0.5 * size_px
        label = self._cut(style.fit(readout.label, size_px, free), size_px, free)
        label_right = right - value_px - 0.5 * size_px
        self._text(label_right, y, label, size_px, "muted", right=True)
        return label_right - style.text_width(label, size_px)

    def _draw_progress_bar(self) -> None:
        width = self.style.px(4, least=2.0)
        for role, end in (("rule", self._right), ("ink", self._left)):
            self._progress_bar = Line2D(
                [self._left, end],
                [self._progress_y, self._progress_y],
                transform=self._pixels,
                color=self.style.theme.color(role),
                linewidth=width,
                solid_capstyle="butt",
            )
            self.figure.add_artist(self._progress_bar)

    # -- the panels on their grid

    def _mount(self) -> None:
        self._mounted: list[MountedPanel] = []
        self._subtitles: list[tuple[Text, Callable[[int], str]]] = []
        cells = self._cells()
        self._full = {_shape(cell.panel, cell.box) for cell in cells if self._is_heading_full(cell.panel, cell.box)}
        self._has_subtitles = any(self._has_line_below(cell.panel, cell.box) for cell in cells)
        self._find_places([cell.panel for cell in cells])
        assumed = self._gutters or [0.0 if cell.panel.bare else 2.6 * self.style.label_px for cell in cells]
        for place, cell, gutter in zip(self._places, cells, assumed, strict=True):
            self._mounted.append(self._create(cell, place, gutter))
        for place, mounted in zip(self._places, self._mounted, strict=True):
            if not place.cache.kept_settings:
                place.gutter, place.foot = label_room(mounted.axes, self.style), self._foot(mounted.axes)
        gutters = self._gutters_needed()
        widths = [one.cell.width for one in self._mounted]
        kept = [(width - new) / (width - old) for width, new, old in zip(widths, gutters, assumed, strict=True)]
        if not self._gutters and min(kept) < _LEAST_KEPT:
            self._gutters = gutters
            raise CacheMiss
        for place, mounted, gutter in zip(self._places, self._mounted, gutters, strict=True):
            self._place(mounted, gutter, place.foot)
            self._put_heading(mounted)

    def _cells(self) -> list[Cell]:
        """Return each panel with its cell: heading, axes, ticks and labels."""
        style = self.style
        room = Room(
            Rectangle(self._left, self._bottom, self._right - self._left, self._top - self._bottom),
            gap_x=style.between(16, 46),
            gap_y=style.between(6, 14),
            head=style.heading_px + style.between(9, 22) + self._tick_room,
            label_px=style.label_px,
        )
        return lay_out(self.spec.columns, room, is_wide=style.is_wide)

    def _find_places(self, panels: Sequence[Panel]) -> None:
        """Create axes for each panel, or check that those of the last specification can be reused."""
        if not self._places:
            for panel in panels:
                axes = self.figure.add_axes((0, 0, 1, 1), projection=panel.projection)
                self._places.append(PanelAxes(type(panel), axes, ArtistCache(axes)))
            return
        kinds, axes_there = [place.kind for place in self._places], [place.axes for place in self._places]
        # A panel may have made axes of its own.
        if [type(panel) for panel in panels] != kinds or self.figure.axes != axes_there:
            raise CacheMiss

    def _create(self, cell: Cell, place: PanelAxes, gutter: float) -> MountedPanel:
        panel = copy.copy(cell.panel)
        mounted = MountedPanel(panel, place.axes, cell.box, cell.stacked)
        # About the room that ticks will take, independent of what was on these axes before.
        self._place(mounted, gutter, self._tick_room)
        panel.n_updates, panel.may_diverge = self.spec.timeline.n_updates, self.spec.may_diverge
        with place.cache.building(), panel.located():
            if panel.projection is None:
                plain_axes(place.axes, self.style)
            panel.create(place.axes, self.style)
        return mounted

    def _gutters_needed(self) -> list[float]:
        """Return, for each panel, the room that tick labels and axis labels need in its column."""
        gutters: dict[float, float] = {}
        for place, mounted in zip(self._places, self._mounted, strict=True):
            left = mounted.cell.left
            gutters[left] = max(gutters.get(left, 0.0), place.gutter)
        plain = [one.panel.bare or not (self.style.is_wide or one.axes.axison) for one in self._mounted]
        return [0.0 if bare else gutters[one.cell.left] for one, bare in zip(self._mounted, plain, strict=True)]

    @property
    def _tick_room(self) -> float:
        return self.style.label_px * 1.35 + self.style.px(8, least=3)

    def _foot(self, axes: Axes) -> float:
        """Return the room that tick labels and the lines of the label under the axes need."""
        ticks = self._tick_room if axes.get_xticklabels() or not axes.axison else 0.0
        return ticks + 1.35 * self.style.label_px * len(axes.get_xlabel().splitlines())

    def _place(self, mounted: MountedPanel, gutter: float, foot: float) -> None:
        style, cell, axes = self.style, mounted.cell, mounted.axes
        head = style.heading_px + style.between(9, 22)
        if self._has_line_below(mounted.panel, cell) or (self._has_subtitles and not mounted.stacked):
            head += style.readout_px + style.between(3, 9)
        if mounted.panel.bare:
            foot = 0.0
        if mounted.panel.projection is not None:
            foot = 0.9 * style.label_px
        width, height = cell.width - gutter, cell.height - head - foot
        if not style.is_wide:
            width -= overhang(axes, style)
        axes.set_position(
            (
                (cell.left + gutter) / style.width,
                (cell.bottom + foot) / style.height,
                width / style.width,
                height / style.height,
            )
        )

    def _has_line_below(self, panel: Panel, cell: Rectangle) -> bool:
        """Return whether below the title stand words, or the readout, which has no room in one of small multiples."""
        has_both = bool(panel.title) and panel.readout(self.style) is not None
        return panel.subtitle(self.style) is not None or (has_both and _shape(panel, cell) in self._full)

    def _is_heading_full(self, panel: Panel, cell: Rectangle) -> bool:
        """Return whether even the shortest title leaves no room for the readout."""
        style, readout = self.style, panel.readout(self.style)
        if readout is None or not panel.title or panel.subtitle(style) is not None:
            return False
        title, label = style.alternatives(panel.title)[-1], style.alternatives(readout.label)[-1]
        taken = style.text_width(title, style.heading_px, bold=True) + 0.6 * style.heading_px
        taken += style.text_width(readout.widest, style.readout_px)
        if label:
            taken += style.text_width(label, style.readout_px) + 0.5 * style.readout_px
        return taken > cell.width

    def _put_heading(self, mounted: MountedPanel) -> None:
        style, cell, panel = self.style, mounted.cell, mounted.panel
        y = cell.bottom + cell.height - style.heading_px
        below = y - style.readout_px - style.between(3, 9)
        right = cell.left + cell.width
        readout = panel.readout(style)
        room, n_texts = cell.width, len(self._texts)
        words = panel.subtitle(style)
        if readout is not None and words is None and self._has_line_below(panel, cell):
            self._put_readout(readout, below, right, style.readout_px, cell.width)
        elif readout is not None:
            shortest = style.text_width(style.alternatives(panel.title)[-1], style.heading_px, bold=True)
            free = min(0.55 * cell.width, cell.width - shortest - 0.6 * style.heading_px)
            readout = replace(readout, label=(*style.alternatives(readout.label), ""))
            room = self._put_readout(readout, y, right, style.readout_px, free) - cell.left
        if readout is not None:
            mounted.heading["readout"] = self._texts[n_texts:]
        room -= 0.6 * style.heading_px
        title = style.fit(panel.title, style.heading_px, room, bold=True)
        wanted = style.text_width(title, style.heading_px, bold=True)
        size = max(style.heading_px * min(1.0, room / max(wanted, 1.0)), style.label_px)
        title = self._cut(title, size, room + 0.3 * style.heading_px, bold=True)
        mounted.heading["title"] = [self._text(cell.left, y, title, size, panel.heading_role(), bold=True)]
        if words is not None:
            mounted.heading["subtitle"] = [self._text(cell.left, below, "", style.readout_px, "ink")]
            self._subtitles.append((mounted.heading["subtitle"][0], words))


def _moves_views(spec: StageSpec) -> bool:
    return isinstance(spec.timeline, StoryTimeline) and any(one.beat.view for one in spec.timeline.chapters)


def _shape(panel: Panel, cell: Rectangle) -> tuple[type[Panel], int, int]:
    """Return what small multiples share."""
    return type(panel), round(cell.width), round(cell.height)
