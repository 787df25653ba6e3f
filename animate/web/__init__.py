"""Templates, styles and scripts of the HTML that animate writes: player, gallery, review and snippets."""
