"""Exact replay: frames of a matplotlib figure equal in every byte to full draws, made by drawing only what changed.

It stands on numpy and matplotlib alone and knows nothing of the rest of this project. `replay.Replay` takes a figure,
a resolution and what `savefig` is given; each `frame()` returns what `savefig` would have written. Nobody says what
moves, so any animation will do, with blitting or without.

How a frame comes about
-----------------------
Stock matplotlib draws every artist of a figure anew. Here the figure is a list of *leaves*, artists in the order they
draw in (`parts`), each with the calls of the Agg renderer that it made when it drew last:

======================  ================================================================================================
what is asked           where
======================  ================================================================================================
did it change?          `displaylist` asks by `watch`: everything an artist's drawing can read is found
                        (`fingerprint`), remembered and compared (`held`); of plain artists that move, their values are
                        copied (`glance`)
what does it draw?      `recording` writes its calls down instead of executing them; `glyphs` keeps laid out text
where does it draw?     `bounds` gives every call a box, `polyline` long lines one for each piece; `tiles` are sets of
                        places
what is drawn again?    `compositor` makes the calls again that touch a changed tile, in order, on what lies below them
does the layout stand?  `layout` tells when a layout engine would find what it found before
what is around it?      `surroundings` puts in place what `savefig` sets while it draws
======================  ================================================================================================

Why it is exact
---------------
1. The calls are those matplotlib makes, with the arguments it makes them with, on the canvas it makes them on. Nothing
   is drawn in another way.
2. What Agg puts into a pixel depends on what is there and on the calls that touch it, in their order. So a tile whose
   calls are the same as before keeps its pixels, and a tile that gets all its calls again, from a known ground, has
   the pixels of a full draw.
3. A box may be too large and a fingerprint may see a change where there is none: both cost time, not pixels. Where
   either could err on the other side, it does not answer: code that matplotlib did not bring, a subclass that draws
   in its own way, a canvas that is not Agg's, a draw that somebody listens to. Then more is drawn anew, up to all.

`fulldraw.FullDraw` is the reference, `replay.CheckedReplay` compares with it while an animation is saved. The tests
compare every frame of animations written for each trap, of every scene, and of figures made at random.

What it costs
-------------
A frame costs a look at what may change, the drawing of what did, and the calls on the tiles it touched. Where all of
a figure changes in every frame, that is a full draw and a little more.
"""
