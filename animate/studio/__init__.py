"""The studio: a page with every scene, a control for each of its parameters, and a live picture.

`server` answers the browser and never runs a scene's code; `access_control` refuses requests without its token. A
`Tab` keeps the newest request of each open page, and `live_workers` passes it to a worker process, where a
`RenderSession` holds the live scenes.
"""
