"""The private attributes of matplotlib that replay reads or overrides, and the versions it was tested with.

A missing or renamed attribute costs speed, never correctness: with an untested version, frames are compared with full
draws, and after any error matplotlib draws the remaining frames in full.
"""

from __future__ import annotations

import re

TESTED = frozenset({(3, 10), (3, 11)})
"""Major and minor numbers. With any other version, the first frame and one frame in 50 are compared with full draws."""

PRIVATE_ATTRIBUTES: dict[str, frozenset[str]] = {
    owner: frozenset(names.split())
    for owner, names in {
        "animation.Animation": "_start",
        "artist.Artist": """
            _agg_filter _axes _callbacks _clippath _figure _fully_clipped_to_axes _parent_figure _path_effects _picker
            _rasterized _remove_method _sketch _stale _sticky_edges _transform _visible
            """,
        "axes.Axes": """
            _axes_locator _children _colorbars _current_image _get_lines _get_patches_for_fill _left_title
            _mouseover_set _originalPosition _position _right_title _stale_viewlims _twinned_axes
            _xaxis_transform _yaxis_transform
            """,
        "axis.Axis": "_get_ticklabel_bboxes _update_ticks",
        "backend_bases.FigureCanvasBase": "_device_pixel_ratio _is_saving",
        "backend_bases.GraphicsContextBase": "_cliprect",
        "backends.backend_agg.FigureCanvasAgg": "_lastKey",
        "backends.backend_agg.RendererAgg": """
            _draw_text_glyphs_and_boxes _get_font_height_metrics _prepare_font _renderer _update_methods
            """,
        "figure.Figure": """
            _align_label_groups _axobservers _axstack _canvas_callbacks _layout_engine _localaxes _render_lock
            _suptitle _supxlabel _supylabel
            """,
        "ft2font.FT2Font": "_layout _render_glyph _set_transform",
        "layout_engine.LayoutEngine": "_params",
        "legend.Legend": "_custom_handler_map _legend_box _loc_real",
        "lines.Line2D": "_invalidx _invalidy _path _transformed_path _x _xorig _xy _y _yorig",
        "markers.MarkerStyle": """
            _alt_path _alt_transform _capstyle _fillstyle _filled _joinstyle _marker _snap_threshold _user_transform
            """,
        "patches.Patch": "_original_edgecolor _original_facecolor",
        "path.Path": "_interpolation_steps",
        "text.Text": "_autopos _bbox_patch _fontproperties _transform_rotates_text _usetex _wrap",
        "ticker.Formatter": "_locs",
        "ticker.LogFormatter": "_sublabels",
        "transforms.TransformNode": """
            _child _invalid _inverted _mtx _parents _points _shorthand_name _transformed_points
            """,
    }.items()
}
"""The names by the class that has them, as in the latest tested version."""

FORMER_ATTRIBUTES = frozenset({"_cachedRenderer", "_canvas", "_contains", "_patch_path", "_tooltip"})
"""Names that replay ignores if it meets them, and that the classes above no longer have."""


def is_tested(version: str) -> bool:
    """Return whether a version is a release of a tested series.

    Parameters
    ----------
    version : str
        A version of matplotlib, such as "3.11.2".

    Examples
    --------
    >>> is_tested("3.11.2"), is_tested("3.12.0"), is_tested("3.12.0rc1"), is_tested("3.11.0.dev5+g1a2b3c4")
    (True, False, False, False)
    """
    match = re.fullmatch(r"(\d+)\.(\d+)(\.\d+)?", version)
    return match is not None and (int(match[1]), int(match[2])) in TESTED
