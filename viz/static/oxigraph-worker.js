// The graph of a site, asked in a thread of its own that the page can end.
import init, { Store } from "./oxigraph.js";

let loaded = null;
async function bytes(address) {
  const reply = await fetch(address);
  if (!reply.ok) { throw new Error(address); }
  const body = await reply.arrayBuffer(), head = new Uint8Array(body, 0, 2);
  if (head[0] !== 0x1f || head[1] !== 0x8b) { return new Uint8Array(body); }  // a host unpacked it
  const plain = new Blob([body]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}
async function load() {
  const [graph] = await Promise.all([bytes(new URL("../data/graph.nq.gz", import.meta.url)), init({ module_or_path: new URL("./oxigraph.wasm", import.meta.url) })]);
  const store = new Store();
  store.load(new TextDecoder().decode(graph), { format: "application/n-quads", no_transaction: true });
  return store;
}
onmessage = async function (event) {
  const { id, query } = event.data;
  try {
    loaded = loaded || load();
    const store = await loaded;
    const form = /^\s*(?:#[^\n]*\n|PREFIX[^\n]*\n|\s)*(CONSTRUCT|DESCRIBE)\b/i.test(query) ? "application/n-triples" : "json";
    postMessage({ id: id, form: form, body: store.query(query, { results_format: form, use_default_graph_as_union: true }) });
  } catch (error) {
    postMessage({ id: id, error: String(error && error.message || error) });
  }
};
