/* The waiting frame: where the customer stands, what was promised, and afterwards what it came to. */
import { h, icon } from "./dom.js";

/** Minutes as told: rounded up, never 0. */
export const minutesOf = (seconds) => Math.max(1, Math.ceil(seconds / 60));

/** [headline, remark beside it] of a wait item. */
export const waitFacts = (wait, words) => {
  if (wait.outcome === "failed" && wait.step === 0) return [words.t("nobodyThere"), ""];
  if (wait.outcome) return [waited(wait, words), remark(wait, words)];
  const about =
    wait.estimate === null || wait.estimate === undefined
      ? ""
      : words.t("about", { minutes: minutesOf(wait.estimate) });
  return [headline(wait, words), about];
};

const headline = ({ step, position, queue }, words) => {
  if (step === 0) return words.t("passing");
  if (position) return words.t(queue ? "position" : "positionAny", { ordinal: words.ordinal(position), queue });
  return queue ? words.t("inLineFor", { queue }) : words.t("statusWaitingAny");
};

const waited = (wait, words) =>
  words.t("waited", { time: words.duration(Date.parse(wait.since), Date.parse(wait.until)) });

const REMARKS = { timeout: "notReached", failed: "failed", returned: "wentBack" };

const remark = ({ outcome, firstEstimate }, words) => {
  if (REMARKS[outcome]) return words.t(REMARKS[outcome]);
  const told = outcome === "joined" && firstEstimate !== null && firstEstimate !== undefined;
  return told ? words.t("weSaid", { minutes: minutesOf(firstEstimate) }) : "";
};

const LAST_STEP = {
  timeout: "stepMessage",
  failed: "stepMessage",
  returned: "stepBack",
  ended: "stepEnded",
  elsewhere: "stepElsewhere",
};

/** The three labels under the track. */
export const waitLabels = (wait, words, aiName) => [
  words.t("stepPassed"),
  linePositions(wait, words),
  words.t(LAST_STEP[wait.outcome] ?? "stepJoined", { name: aiName || words.t("assistant") }),
];

const linePositions = ({ outcome, positions }, words) => {
  if (!outcome || !positions.length) return words.t("inLine");
  const [first, last] = [words.ordinal(positions[0]), words.ordinal(positions.at(-1))];
  const began = words.t("inLineOrdinal", { ordinal: first });
  return positions.length > 1 ? words.t("then", { first: began, last }) : began;
};

const LAST_TONE = { joined: "blue", elsewhere: "blue", returned: "ai", timeout: "wait", failed: "wait" };

const knob = ({ tone, done, now }) =>
  h("span", { class: "knob", "data-tone": tone, "data-now": now }, done && icon("check", 12));

const track = ({ step, outcome }) => {
  const over = Boolean(outcome);
  const reached = step > 0;
  const happy = ["joined", "elsewhere", "returned"].includes(outcome);
  return h(
    "div",
    { class: "track", "aria-hidden": "true" },
    knob({ tone: "ai", done: reached || over, now: !reached && !over }),
    h("span", { class: "bar", "data-done": reached && "handoff" }),
    knob({ tone: reached && "blue", done: reached && over, now: reached && !over }),
    h("span", { class: "bar", "data-done": happy && "blue" }),
    knob({ tone: LAST_TONE[outcome], done: happy, now: over && !happy }),
  );
};

export const waitCard = (wait, words, aiName) => {
  const [title, aside] = waitFacts(wait, words);
  const current = wait.outcome ? 2 : wait.step;
  const labels = waitLabels(wait, words, aiName);
  return h(
    "div",
    { class: "card" },
    h("p", { class: "facts" }, h("strong", {}, title), h("span", {}, aside)),
    track(wait),
    h(
      "ol",
      { class: "labels" },
      labels.map((label, n) => h("li", { "aria-current": n === current && "step" }, label)),
    ),
  );
};
