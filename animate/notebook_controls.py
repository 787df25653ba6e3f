"""Controls for a scene in a notebook: one for each parameter, while a kernel can draw the scene anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

from animate.errors import AnimateError
from animate.library.parameters import Parameter
from animate.library.script import SceneScript
from animate.scene import Scene

WIDE = "440px"
"""Width of a control with its name."""

NOT_IN_EXPORTS = (
    "<style>:is(body.jp-Notebook, body.quarto-light, body.quarto-dark) .animate-controls {display: none}</style>"
)
"""A style that hides controls in pages that nbconvert and Quarto export: there no kernel answers."""


def has_kernel() -> bool:
    """Return whether this process is a notebook's kernel in which ipywidgets can be used."""
    if find_spec("ipywidgets") is None:
        return False
    from IPython.core.getipython import get_ipython

    return hasattr(get_ipython(), "kernel")


class SceneControls:
    """A control for each parameter of a scene, and a line that says what is wrong with a value.

    Parameters
    ----------
    script : SceneScript
    values : dict
        The values that the scene was built with; other parameters have their defaults.
    show : callable
        Called with each new scene.

    Attributes
    ----------
    controls : dict
        The ipywidgets control of each parameter, by its name.
    """

    def __init__(self, script: SceneScript, values: Mapping[str, Any], show: Callable[[Scene], None]) -> None:
        from ipywidgets import HTML, VBox

        self._script, self._values, self._show = script, dict(values), show
        self._message = HTML()
        self.controls = {
            parameter.name: self._control(parameter) for parameter in script.parameters if parameter.kind != "data"
        }
        self._box = VBox([*self.controls.values(), self._message], _dom_classes=["animate-controls"])

    def display(self) -> None:
        """Show the controls as an output of the cell that runs."""
        from IPython.display import display

        view = {"version_major": 2, "version_minor": 0, "model_id": self._box.model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/html": ""}, raw=True)

    def _control(self, parameter: Parameter) -> Any:
        control = control_for(parameter, self._values.get(parameter.name, parameter.default))
        control.observe(lambda change: self._change(parameter, change["new"]), "value")
        return control

    def _change(self, parameter: Parameter, given: Any) -> None:
        """Build the scene anew with one other value; on a mistake keep the last scene and say what is wrong."""
        from html import escape

        self._message.value = "Drawing …"
        try:
            value = parameter.parse(given) if isinstance(given, str) else parameter.check(given)
            values = {**self._values, parameter.name: value}
            self._show(self._script.build(**values))
        except AnimateError as error:
            self._message.value = escape(str(error))
            return
        self._values, self._message.value = values, ""


def control_for(parameter: Parameter, value: Any) -> Any:
    """Return an ipywidgets control with a value of a parameter: a slider, a menu, a box to check, or a line of text."""
    import ipywidgets as widgets

    common = {
        "description": parameter.name,
        "tooltip": parameter.help,
        "style": {"description_width": "150px"},
        "layout": {"width": WIDE},
    }
    if parameter.kind == "choice" and not parameter.optional:
        return widgets.Dropdown(options=parameter.choices, value=value, **common)
    if parameter.kind == "bool" and not parameter.optional:
        return widgets.Checkbox(value=value, **{**common, "style": {}, "indent": True})
    bounds = parameter.range
    if bounds is None or parameter.optional or parameter.kind not in ("int", "float"):
        return widgets.Text(value=parameter.text(value), continuous_update=False, **common)
    if parameter.kind == "int":
        low, high = int(bounds.low), int(bounds.high)
        return widgets.IntSlider(value=value, min=low, max=high, continuous_update=False, **common)
    if bounds.scale == "log":
        from math import log10

        ends = {"min": log10(bounds.low), "max": log10(bounds.high)}
        return widgets.FloatLogSlider(value=value, **ends, readout_format=".3g", continuous_update=False, **common)
    step = (bounds.high - bounds.low) / 100
    ends = {"min": bounds.low, "max": bounds.high}
    return widgets.FloatSlider(value=value, **ends, step=step, readout_format=".3g", continuous_update=False, **common)
