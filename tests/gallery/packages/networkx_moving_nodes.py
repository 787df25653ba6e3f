"""Nodes, edges and labels of networkx move without being drawn anew."""

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.animation import FuncAnimation

graph = nx.path_graph(5)
places = nx.circular_layout(graph)
fig, ax = plt.subplots()
nodes = nx.draw_networkx_nodes(graph, places, ax=ax)
edges = nx.draw_networkx_edges(graph, places, ax=ax)
labels = nx.draw_networkx_labels(graph, places, ax=ax)


def update(i):
    moved = {node: place * (1 - 0.1 * i) for node, place in places.items()}
    nodes.set_offsets([moved[node] for node in graph])
    edges.set_segments([(moved[a], moved[b]) for a, b in graph.edges])
    for node, label in labels.items():
        label.set_position(moved[node])


ani = FuncAnimation(fig, update, frames=8)
