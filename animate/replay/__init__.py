"""Exact replay: frames of a matplotlib figure, byte-identical to full draws, made by drawing only what changed.

The package depends on numpy and matplotlib alone, not on the rest of this project. `replay.Replay` takes a figure, a
resolution and the arguments of `savefig`; each call of `frame()` returns the pixels that `savefig` would have written.
The caller does not declare what moves, so any animation works, with blitting or without.

How a frame is made
-------------------
Stock matplotlib draws every artist of a figure for every frame. Here the figure is a `draw_tree`: containers (figures
and axes) that order their children, and draw nodes (single artists). Each draw node keeps the calls that its artist
made to the Agg renderer when it was last drawn.

=====================================  =================================================================================
step                                   modules
=====================================  =================================================================================
detect changes                         `draw_list` asks a `change_detector` per node. It compares everything that an
                                       artist's drawing can read (`artist_state`, kept in a `state_snapshot`), or, for
                                       plain artists that move, copies of their values (`value_snapshot`)
record the artists that changed        `call_recorder` records calls as the `drawing` of an artist; `text_cache` keeps
                                       text layouts and glyphs
find the pixels that changed           `bounds` gives each call a box, `polyline` divides long lines into pieces, and
                                       `tiles` represents sets of tiles
draw those pixels                      `compositor` repeats the calls that touch a changed tile, in order, on the
                                       background below them
skip the layout engine                 `layout_cycle` predicts when a layout engine would repeat an earlier result
skip `savefig`                         `savefig_state` applies the values that `savefig` sets while it draws
choose between replay and full draws   `cost_guard`, `staleness` and `redraw_stability`
=====================================  =================================================================================

Why the result is exact
-----------------------
1. The calls are those that matplotlib makes, with the same arguments, on the same canvas. Nothing is drawn in another
   way.
2. The value of a pixel depends on its previous value and on the calls that touch it, in order. A tile whose calls are
   unchanged therefore keeps its pixels, and a tile that receives all of its calls again, on a known background, has the
   pixels of a full draw.
3. A box that is too large and a change that is detected in vain cost time, not correctness. Where an error in the other
   direction is possible, replay does not decide: classes from outside matplotlib, subclasses with a `draw` of their
   own, canvases other than Agg's, and figures with listeners to draw events are drawn more fully, up to a full draw.

`full_draw.FullDraw` is the reference. `Replay(..., verify_every=n)` compares replayed frames with it while an animation
is saved. The tests compare every frame of animations written for each known trap, of every scene, and of random
figures.

What it costs
-------------
A frame costs the comparison of everything that can change, the drawing of the artists that did, and the calls on the
tiles they touched. If a whole figure changes in every frame, that is slightly more than a full draw; `cost_guard` then
prefers full draws.
"""
