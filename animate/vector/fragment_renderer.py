"""The renderer that turns matplotlib's drawing calls into fragments of SVG.

It is matplotlib's own `RendererSVG` where styles, texts and gradients are concerned, and writes the same geometry in
fewer bytes: whole numbers for coordinates, markers of a line as one path, and everything that repeats by reference.
Three things are left out on purpose: links, ids of artists, and comments with the text that is drawn.
"""

from __future__ import annotations

import io
import math
import re
from typing import Any

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from animate.vector.disjoint import MOST_SHAPES, box_of, disjoint_groups
from animate.vector.fragments import UNITS, Fragment, SharedDefinitions, clipped
from animate.vector.image_fragment import image_id
from animate.vector.path_data import FEW_POINTS, corners, fine_path_data, is_closed, path_data, points_of, rounded
from animate.vector.path_data import shape_data as glyph_data

GLYPH_UNITS = 64
"""Units of a glyph's outline for a point: those of FreeType, 1 / 6400 of the size of the text."""

FEW_SHAPES = 200
"""So many shapes are paths of their own, as in matplotlib's files: browsers smooth the edges of one path together, and
more coarsely the more points it has. More shapes would be too many elements."""

MOST_SIDES = 2
"""A shape that reaches further than this many pictures from the middle is clipped to the picture."""

FAR = 0.5
"""So many pictures away a short line is cut. Chromium adds up slopes in whole 65536ths of a pixel, row by row."""

MORE_GROUPS = 6
"""Groups of shapes may be so many more than a frame needs, if they stay the same from frame to frame."""

_RendererSVG: Any = RendererSVG
"""Without the types that matplotlib's stubs lack."""


class FragmentRenderer(_RendererSVG):  # type: ignore[misc]
    """Collects the fragments of one drawing.

    Parameters
    ----------
    width, height : float
        Size of the picture in pixels.
    dpi : float
        Pixels in an inch.
    shared : SharedDefinitions
        Where styles, clip paths, glyphs, markers and images are stored.

    Attributes
    ----------
    fragments : list of Fragment
        What was drawn, in order.
    """

    def __init__(self, width: float, height: float, dpi: float, shared: SharedDefinitions) -> None:
        self._text = io.StringIO()
        super().__init__(width, height, self._text, image_dpi=72)
        self.writer.flush()
        self.fragments: list[Fragment] = []
        self._shared, self._pixels_per_point = shared, dpi / 72
        self._glyph_outlines: dict[str, Any] = {}
        self._boxes: list[Any] | None = None  # of the shapes of a collection
        self._reach: dict[tuple[str, int], Any] = {}  # where the shapes of a collection may be

    # what matplotlib asks of a renderer

    def points_to_pixels(self, points: Any) -> Any:
        """Return points in pixels."""
        return points * self._pixels_per_point

    def get_image_magnification(self) -> float:
        """Return 1: images are resampled to the pixels of the picture."""
        return 1.0

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return the size of a text in pixels, as `RendererSVG` measures it."""
        width, height, descent = super().get_text_width_height_descent(s, prop, ismath)
        scale = self._pixels_per_point
        return width * scale, height * scale, descent * scale

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Do nothing: a fragment belongs to no group."""

    def close_group(self, s: str) -> None:
        """Do nothing."""

    # styles and clip paths

    def _add(self, kind: str, style: str, clip: str, content: str, place: int = 0) -> None:
        self.fragments.append(Fragment(kind, style, clip, content, place))

    def _declarations(self, gc: Any, color: Any) -> dict[str, str]:
        """Return the CSS of a shape, with lengths in units."""
        found: dict[str, str] = self._get_style_dict(gc, color)
        paint = "stroke" if found.get("fill") == "none" else "fill" if "stroke" not in found else ""
        if "opacity" in found and paint:  # of the paint, which a group can have for all its shapes
            found[f"{paint}-opacity"] = found.pop("opacity")
        scale = self._pixels_per_point * UNITS
        if "stroke" in found:
            found["stroke-width"] = _short(gc.get_linewidth() * scale)
        for name in ("stroke-dasharray", "stroke-dashoffset"):
            if name in found:
                found[name] = " ".join(_short(float(value) * scale) for value in found[name].split(","))
        return found

    def _clip(self, gc: Any) -> str:
        """Return the id of the clip path of a graphics context."""
        path, transform = gc.get_clip_path()
        rectangle = gc.get_clip_rectangle()
        if path is not None:
            flipped = self._make_flip_transform(transform)
            # as matplotlib writes it: clipped edges are smoothed coarsely, and jump at the least difference
            written = self._convert_path(path, flipped + Affine2D().scale(UNITS))
            data = re.sub(r"\s*([A-Za-z])\s*", r"\1", written).rstrip()
        elif rectangle is not None:
            x0, y0, x1, y1 = rectangle.extents
            corners = np.clip([[x0, self.height - y1], [x1, self.height - y0]], 0, [self.width, self.height])
            (left, top), (right, bottom) = np.rint(corners * UNITS).astype(int).tolist()
            data = f"M{left} {top}H{right}V{bottom}H{left}z"
        else:
            return ""
        return self._shared.clips.name(data, lambda: data)

    def picture_clip(self) -> str:
        """Return the id of the clip path around the whole picture."""
        data = f"M0 0H{math.ceil(self.width * UNITS)}V{math.ceil(self.height * UNITS)}H0z"
        return self._shared.clips.name(data, lambda: data)

    def _is_far_out(self, vertices: Any) -> bool:
        """Return whether a shape reaches so far out of the picture that it would be seen in another frame."""
        middle = np.array([self.width, self.height]) / 2
        with np.errstate(invalid="ignore"):
            return bool((np.abs(vertices - middle) > middle * MOST_SIDES).any())

    # shapes

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        """Add a path."""
        is_line = rgbFace is None and gc.get_hatch_path() is None
        in_points = Affine2D().scale(1 / self._pixels_per_point)  # as in its SVG, matplotlib leaves points out in these
        cleaned = path.cleaned(
            self._make_flip_transform(transform) + in_points,
            remove_nans=True,
            clip=self._line_clip(gc, path) if is_line else None,
            simplify=path.should_simplify and is_line,
            curves=True,
            sketch=gc.get_sketch_params(),
        )
        vertices, codes = points_of(cleaned)
        vertices = vertices * self._pixels_per_point
        declarations = self._declarations(gc, rgbFace)
        style = self._shared.style(declarations)
        clip = self._clip(gc)
        if "stroke" not in declarations and is_closed(vertices, codes):
            codes = np.append(codes[:-1], np.uint8(Path.CLOSEPOLY))  # exactly, as a sum of steps is not
        if not is_line and not clip and self._is_far_out(vertices):
            clip = self.picture_clip()
        if self._boxes is not None:
            self._boxes.append(box_of(vertices, margin=2 * gc.get_linewidth() * self._pixels_per_point + 1.5))
        vertices, digits = rounded(
            vertices, codes, UNITS, is_one_of_many=self._boxes is not None, is_fine=self._shared.is_fine
        )
        is_shape = digits == 1 + self._shared.is_fine
        self._add("path", style, clip, fine_path_data(vertices, codes, UNITS, digits, is_shape=is_shape))

    def _line_clip(self, gc: Any, path: Path) -> tuple[float, float, float, float]:
        """Return where a line is cut, in points: around the picture, or far outside of it.

        The ends of a short line move steadily if they are not cut. Dashes begin where the line is cut.
        """
        is_free = np.size(path.vertices) <= 2 * FEW_POINTS and gc.get_dashes()[1] is None and self._clip(gc)
        width, height = self.width / self._pixels_per_point, self.height / self._pixels_per_point
        margin = FAR * max(width, height) if is_free else 0.0
        return -margin, -margin, width + margin, height + margin

    def draw_markers(
        self,
        gc: Any,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,
    ) -> None:
        """Add the markers of a line, as the corners of one path."""
        far = (0, 0, self.width * 72, self.height * 72)
        flipped = self._make_flip_transform(trans)
        segments = path.iter_segments(flipped, clip=far, simplify=False)
        points = np.array([vertices[-2:] for vertices, _ in segments if len(vertices)]).reshape(-1, 2)
        shape = marker_path.cleaned(marker_trans + Affine2D().scale(1.0, -1.0), curves=True)
        data = fine_path_data(*points_of(shape), UNITS, is_shape=True)
        self._add_markers(data, self._shared.style(self._declarations(gc, rgbFace)), self._clip(gc), points=points)

    def _add_markers(self, data: str, style: str, clip: str, *, points: Any) -> None:
        """Add one shape at several points."""
        if len(points) == 1:
            x, y = (_short(value, digits=1) for value in points[0] * UNITS)
            shape = self._shared.shapes.name(data, lambda: f'<path id="{{}}" d="{data}"/>')
            self._add("use", style, clip, f'href="#{shape}" x="{x}" y="{y}"')
        elif len(points):
            marker = self._shared.markers.name((data, style), lambda: f'<path class="{style}" d="{data}"/>')
            along = self._shared.style({"fill": "none", "marker": f"url(#{marker})"})
            self._add("path", along, clip, corners(points, UNITS))

    def draw_path_collection(self, gc: Any, master_transform: Any, paths: Any, *arguments: Any, **options: Any) -> None:
        """Add a collection: shapes that repeat as markers, others as paths."""
        all_transforms, offsets, offset_trans, facecolors, edgecolors, *others = arguments
        n_uses = self._iter_collection_uses_per_path(paths, all_transforms, offsets, facecolors, edgecolors)
        begin = len(self.fragments)
        if n_uses <= 1:
            self._boxes = []
            try:
                RendererBase.draw_path_collection(self, gc, master_transform, paths, *arguments, **options)
                self._unite(begin)
            finally:
                self._boxes = None
        else:
            raw = self._iter_collection_raw_paths(master_transform, paths, all_transforms)
            shapes = []
            for path, transform in raw:
                turned = Affine2D(transform.get_matrix()).scale(1.0, -1.0)
                shape = path.cleaned(turned, curves=True)
                shapes.append(fine_path_data(*points_of(shape), UNITS, is_shape=True))
            colors = facecolors, edgecolors
            self._add_items(self._iter_collection(gc, shapes, offsets, offset_trans, *colors, *others, **options))
        self._join(begin)

    def _add_items(self, items: Any) -> None:
        """Add the items of a collection; those of one shape and style that follow each other are one path."""
        run: Any = None
        points: list[tuple[float, float]] = []
        for x, y, data, gc, color in items:
            this = data, self._shared.style(self._declarations(gc, color)), self._clip(gc)
            if this != run and points:
                self._add_markers(*run, points=np.array(points))
                points = []
            run = this
            if math.isfinite(x) and math.isfinite(y):
                points.append((x, self.height - y))
        if points:
            self._add_markers(*run, points=np.array(points))

    def _join(self, begin: int) -> None:
        """Join the fragments of one collection, so that they change together."""
        added = self.fragments[begin:]
        if len(added) < 2:
            return
        del self.fragments[begin:]
        clips, styles = ({getattr(fragment, name) for fragment in added} for name in ("clip", "style"))
        clip = clips.pop() if len(clips) == 1 else ""
        style = styles.pop() if len(styles) == 1 and all(fragment.kind == "path" for fragment in added) else ""
        if re.search(r"(^|;)opacity", self._shared.styles.contents.get(style, "")):
            style = ""  # a group with opacity is blended as a whole
        if style:  # of the whole, so that a style that changes leaves the shapes as they are
            added = [fragment._replace(style="") for fragment in added]
        parts = [fragment.markup() if clip or not fragment.clip else clipped(fragment) for fragment in added]
        self._add("raw", style, clip, "".join(parts), place=len(added))

    def _unite(self, begin: int) -> None:
        """Write the shapes of a collection of one style as few paths."""
        added, boxes = self.fragments[begin:], self._boxes or []
        looks = {fragment.look for fragment in added}
        style = self._shared.styles.contents.get(added[0].style, "") if added else ""
        has_one_paint = "fill:none" in style or "stroke:" not in style
        is_worth_it = FEW_SHAPES < len(added) == len(boxes) <= MOST_SHAPES
        if not is_worth_it or len(looks) > 1 or not has_one_paint or "url(" in style:
            return
        del self.fragments[begin:]
        for group in self._groups(added[0].clip, np.array(boxes)):
            self._add("path", added[0].style, added[0].clip, "".join(added[index].content for index in group))

    def _groups(self, clip: str, boxes: Any) -> list[list[int]]:
        """Return disjoint groups of shapes; the same in each frame if the shapes do not move too far for that."""
        groups, key = disjoint_groups(boxes), (clip, len(boxes))
        reach = self._reach.setdefault(key, boxes.copy())
        for axis in (slice(0, 3, 2), slice(1, 4, 2)):  # in a direction in which shapes change, all reach everywhere
            if (reach[:, axis] != boxes[:, axis]).any():
                reach[:, axis] = -np.inf, np.inf
        lasting = disjoint_groups(reach)
        return lasting if len(lasting) <= len(groups) + MORE_GROUPS else groups

    def _captured(self, draw: Any) -> str:
        """Return the markup that a method of `RendererSVG` writes."""
        self.writer.flush()
        self._text.seek(0)
        self._text.truncate()
        draw()
        self.writer.flush()
        return re.sub(r"\s*\n\s*", "", self._text.getvalue())

    def hatch_markup(self) -> str:
        """Return the patterns of all hatches so far."""
        markup = self._captured(self._write_hatches)
        scale = _short(self._pixels_per_point * UNITS, digits=9)  # browsers round a tile up to whole pixels
        return markup.replace("<pattern ", f'<pattern patternTransform="scale({scale})" ')

    # images

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        """Add an image, as PNG."""
        height, width = im.shape[:2]
        if not width or not height:
            return
        style = {}
        if transform is None:
            matrix = Affine2D().scale(1, -1).translate(x, self.height - y)  # rows from bottom to top
        else:
            flip = Affine2D().translate(x, y).scale(1, -1).translate(0, self.height)
            matrix = Affine2D().scale(1 / width, 1 / height) + transform + flip
            style["image-rendering"] = "pixelated"
            if gc.get_alpha() != 1.0:
                style["opacity"] = _short(gc.get_alpha())
        image = image_id(self._shared, im)
        placed = (matrix + Affine2D().scale(UNITS)).get_matrix()
        numbers = " ".join(_short(value, digits=6) for value in placed[:2].T.ravel())
        self._add("use", self._shared.style(style), self._clip(gc), f'href="#{image}" transform="matrix({numbers})"')

    # texts

    def _draw_text_as_path(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """Add a text: a use of an outline for each glyph."""
        glyphs, rectangles = self._layout(s, prop, ismath, mtext)
        scale = prop.get_size_in_points() / self._text2path.FONT_SCALE * self._pixels_per_point * UNITS
        style = {}
        color = to_hex(gc.get_rgb())
        if color != "#000000":
            style["fill"] = color
        alpha = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        if alpha != 1:
            style["fill-opacity"] = _short(alpha)
        clip, place = self._clip(gc), round(y * UNITS)
        for name, left, bottom, size in glyphs:
            linear = Affine2D().scale(size / GLYPH_UNITS) + Affine2D().scale(scale, -scale).rotate_deg(-angle)
            at = (Affine2D().translate(left, bottom).scale(scale, -scale).rotate_deg(-angle)).transform((0, 0))
            at = linear.inverted().transform(at + np.array([x, y]) * UNITS)
            column, row = _short(at[0], digits=1), _short(at[1], digits=1)
            turn = " ".join(_short(value, digits=9) for value in linear.get_matrix()[:2, :2].T.ravel())
            look = self._shared.style({**style, "transform": f"matrix({turn.replace(' ', ',')},0,0)"})
            self._add("use", look, clip, f'href="#{self._glyph(name)}" x="{column}" y="{row}"', place)
        if rectangles:
            turned = Affine2D().scale(scale, -scale).rotate_deg(-angle).translate(x * UNITS, y * UNITS)
            data = [path_data(turned.transform(verts), np.array(codes, np.uint8), 1) for verts, codes in rectangles]
            self._add("path", self._shared.style(style), clip, "".join(data))

    def _layout(self, s: str, prop: Any, ismath: Any, mtext: Any) -> tuple[Any, Any]:
        """Return the glyphs of a text with their places, and the rectangles of a formula."""
        known: dict[str, Any] = self._glyph_outlines
        text2path = self._text2path
        options: dict[str, Any] = {"glyph_map": known, "return_new_glyphs_only": True}
        if ismath == "TeX":
            glyphs, new, rectangles = text2path.get_glyphs_tex(prop, s, **options)
        elif ismath:
            glyphs, new, rectangles = text2path.get_glyphs_mathtext(prop, s, **options)
        else:
            if mtext is not None and hasattr(mtext, "get_fontfeatures"):  # since matplotlib 3.11
                options |= {"features": mtext.get_fontfeatures(), "language": mtext.get_language()}
            font = text2path._get_font(prop)  # noqa: SLF001
            glyphs, new, rectangles = text2path.get_glyphs_with_font(font, s, **options)
        known.update(new)
        return [glyph for glyph in glyphs if len(known[glyph[0]][0])], rectangles

    def _glyph(self, name: str) -> str:
        """Return the id of a glyph's outline."""
        vertices, codes = self._glyph_outlines[name]

        def outline() -> str:
            return f'<path id="{{}}" d="{glyph_data(vertices, codes, GLYPH_UNITS)}"/>'

        return self._shared.shapes.name(("glyph", name), outline)

    def _draw_text_as_text(self, *arguments: Any, **options: Any) -> None:
        """Add outlines whatever ``svg.fonttype`` says: another computer may not have the font."""
        self._draw_text_as_path(*arguments, **options)

    def draw_text(self, gc: Any, x: Any, y: Any, s: str, prop: Any, *arguments: Any, **options: Any) -> None:
        """Add a text."""
        self._draw_text_as_path(gc, x, y, s, prop, *arguments, **options)


def _short(value: float, digits: int = 3) -> str:
    """Return a number with at most so many decimals, and no zeros at its end."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
