// The rows of a briefing are moved by drag, at their numbers, and there by the arrow keys as well.

const ROW = '.st-key-briefing-rows [class*="st-key-item-"]';

export default function ({ data, setTriggerValue }) {
  const life = new AbortController();
  const listen = (kind, act) => document.addEventListener(kind, act, { signal: life.signal });
  const handles = () => [...document.querySelectorAll(`${ROW} .place`)];
  const rowOf = (target) => target.closest?.(ROW);
  let dragged = -1;
  const move = (from, to) => {
    if (from >= 0 && to >= 0 && from !== to && to < handles().length) setTriggerValue("moved", { from, to });
  };
  const indexOf = (target) => handles().findIndex((one) => rowOf(one) === rowOf(target));
  listen("dragstart", (event) => {
    if (!event.target.matches?.(`${ROW} .place`)) return;
    dragged = handles().indexOf(event.target);
    event.dataTransfer.setData("text/plain", event.target.textContent);
    event.dataTransfer.effectAllowed = "move";
  });
  listen("dragover", (event) => {
    if (dragged < 0 || !rowOf(event.target)) return;
    event.preventDefault();
    handles().forEach((one) => rowOf(one).classList.toggle("is-target", rowOf(one) === rowOf(event.target)));
  });
  const end = () => {
    dragged = -1;
    handles().forEach((one) => rowOf(one).classList.remove("is-target"));
  };
  listen("drop", (event) => {
    if (dragged < 0 || !rowOf(event.target)) return;
    event.preventDefault();
    move(dragged, indexOf(event.target));
    end();
  });
  listen("dragend", end);
  listen("keydown", (event) => {
    const at = handles().indexOf(event.target);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    move(at, at + step);
    handles()[at + step]?.focus();
  });
  return () => life.abort();
}
