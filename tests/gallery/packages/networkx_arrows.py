"""A directed graph whose nodes and edges change color, with labels on the edges."""

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
from matplotlib.animation import FuncAnimation

rng = np.random.default_rng(0)
graph = nx.gnp_random_graph(8, 0.4, seed=1, directed=True)
layout = nx.circular_layout(graph)
fig, ax = plt.subplots()
nodes = nx.draw_networkx_nodes(graph, layout, ax=ax)
edges = nx.draw_networkx_edges(graph, layout, ax=ax, connectionstyle="arc3,rad=0.1")
nx.draw_networkx_edge_labels(graph, layout, {edge: f"{edge[0]}{edge[1]}" for edge in graph.edges}, ax=ax)


def update(i):
    nodes.set_color(rng.random((8, 3)))
    for edge in edges:
        edge.set_color(rng.random(3))
        edge.set_linewidth(1 + rng.random())


ani = FuncAnimation(fig, update, frames=8)
