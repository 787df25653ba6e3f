"""Marks: small frozen pieces that draw one thing each and compose into any panel.

A value of a mark is a constant or a function of the update: ``Points(X, color=lambda update: colors[update])``. Colors
are roles of the theme, so that a mark is right in every theme.
"""

from animate.draw.marks.areas import Bars, Polygon, Span, area
from animate.draw.marks.equal_units import EqualUnits
from animate.draw.marks.fields import Bands, HeatMap, Image, Isolines
from animate.draw.marks.labels import Arrow, EndText, Labels, Text
from animate.draw.marks.lines import Curve, Line, Path, Rule, Segments, residuals, stems, tangents
from animate.draw.marks.mark import Mark, continuous, latest, per_update
from animate.draw.marks.points import Points, Ring, drawn_rows
from animate.draw.marks.space import Path3D, Points3D, Surface3D
from animate.draw.marks.text_table import TextTable, number_rows

__all__ = [
    "Arrow",
    "Bands",
    "Bars",
    "Curve",
    "EndText",
    "EqualUnits",
    "HeatMap",
    "Image",
    "Isolines",
    "Labels",
    "Line",
    "Mark",
    "Path",
    "Path3D",
    "Points",
    "Points3D",
    "Polygon",
    "Ring",
    "Rule",
    "Segments",
    "Span",
    "Surface3D",
    "Text",
    "TextTable",
    "area",
    "continuous",
    "drawn_rows",
    "latest",
    "number_rows",
    "per_update",
    "residuals",
    "stems",
    "tangents",
]  # fmt: skip
