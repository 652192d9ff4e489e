// Made by web/scripts/make_types.py from src/afterfall/web/schemas: change those files, not this one.

export interface AcceptedAnswer {
  case: string;
  folder: string;
  text: string;
}

export interface AssumptionEntry {
  name: string;
  label: string;
  unit: string;
  low90: number;
  high90: number;
  median: number;
  source: string;
  informed: string;
}

export interface AttacksAnswer {
  stamp: StampEntry;
  code: CodeEntry;
  title: string;
  subtitle: string;
  panels: (PanelEntry)[];
  tables: (TableEntry)[];
  notes: (string)[];
}

export interface BudgetEntry {
  name: string;
  amount: number;
  unit: string;
}

export interface CaseEntry {
  name: string;
  title: string;
  description: string;
  as_of: string;
  living: boolean;
  horizon_months: number;
  vintages: (VintageEntry)[];
}

export interface CodeAnswer {
  code: CodeEntry;
}

export interface CodeEntry {
  command: string;
  python: string;
}

export interface CompareState {
  kind: "state";
  state: "queued" | "opening" | "compiling" | "simulating" | "superseded" | "cancelled" | "done" | "failed";
  /** Simulations of the step that are made, of both sides; of options: options. */
  done: number;
  /** How many the step has to make. */
  total: number;
  /** What the step will still take, at the pace so far. */
  seconds_left: number | null;
  text: string;
}

export interface CompareStep {
  kind: "step";
  simulations: number;
  final: boolean;
  milliseconds: number;
  stamp: StampEntry;
  code: CodeEntry;
  title: string;
  headline: (string)[];
  sentence: string;
  rows: (DifferenceRow)[];
  fans: (SideFan)[];
  side_effects: TableEntry | null;
  costs: TableEntry;
  evidence: TableEntry;
  notes: (string)[];
  /** The object of the command, in the last step only. */
  compare: Record<string, unknown> | null;
}

export interface ConditionAnswer {
  stamp: StampEntry;
  code: CodeEntry;
  focus: string;
  at: number;
  at_date: string;
  seen: (string)[];
  not_seen: (string)[];
  effective: number;
  simulations: number;
  warn: boolean;
  sentence: string;
  lines: (ConditionLine)[];
}

export interface ConditionForm {
  kind: "fall" | "all-fall" | "merger";
  label: string;
  examples: (string)[];
}

export interface ConditionLine {
  code: string;
  label: string;
  group: string;
  before: RangeEntry;
  after: RangeEntry;
  dots: (number)[];
}

export interface CountryRow {
  code: string;
  name: string;
  kind: "country" | "remainder";
  flag: string;
  population: number | null;
  values: Record<string, (number)[]>;
  text: Record<string, string>;
}

export interface Defaults {
  case: string;
  as_of: string;
  horizon: number;
  focus: string;
  simulations: number;
}

export interface DifferenceRow {
  quantity: string;
  label: string;
  group: string;
  group_label: string;
  direction: string;
  hindsight: boolean;
  /** Whether the command's table shows it. */
  shown: boolean;
  mean_a: number;
  mean_b: number;
  mean: number;
  median: number;
  low90: number;
  high90: number;
  dots: (number)[];
  verdict: "better" | "worse" | "neither";
  better_words: string;
  same_words: string;
  text: string;
}

export interface DriverEntry {
  parameter: string;
  label: string;
  rank_correlation: number;
  low: string;
  high: string;
  information: string;
}

export interface EffectRow {
  place: string;
  name: string;
  quantity: string;
  before: string;
  after: string;
  used: string;
}

export interface ErrorAnswer {
  error: ErrorEntry;
}

export interface ErrorEntry {
  kind: string;
  message: string;
  problems: (string)[];
  nearest: (string)[];
}

export interface EventRow {
  id: string;
  kind: string;
  label: string;
  probability: number;
  text: string;
  /** Simulations that have it; under 20 it cannot be ticked. */
  simulations: number;
  can_tick: boolean;
  moves: (MoveEntry)[];
  /** By pathway, where the event can be ticked. */
  support: (SupportEntry)[];
  /** Spread of the logarithms of the ratios that count. */
  tells_apart: number;
}

export interface EvidenceAnswer {
  stamp: StampEntry;
  code: CodeEntry;
  parameters: (ParameterRow)[];
  figures: (FigureRow)[];
  sources: (SourceRow)[];
  hindsight: (string)[];
  limits: (string)[];
  basis: string;
}

export interface FanEntry {
  months: (number)[];
  dates: (string)[];
  levels: (number)[];
  values: ((number)[])[];
  mean: (number)[];
}

export interface FigureRow {
  place: string;
  name: string;
  quantity: string;
  role: string;
  published_value: string;
  refers_to: string;
  published: string;
  source: string;
  grade: string;
  note: string;
}

export interface FiguresAnswer {
  ok: boolean;
  rows: number;
  problems: (ProblemEntry)[];
  warnings: (ProblemEntry)[];
  effects: (EffectRow)[];
  text: string;
  token: string | null;
}

export interface FlowLink {
  source: string;
  target: string;
  pathway: string;
  value: number;
}

export interface FlowNode {
  id: string;
  column: number;
  label: string;
  code: string;
  value: number;
  text: string;
  range_text: string;
}

export interface FlowsAnswer {
  stamp: StampEntry;
  code: CodeEntry;
  focus: string;
  at: number;
  at_date: string;
  title: string;
  subtitle: string;
  sentence: string;
  nodes: (FlowNode)[];
  links: (FlowLink)[];
  columns: (string)[];
  labels: Record<string, string>;
  countries: (CountryRow)[];
  hosts: (HostRow)[];
  notes: (string)[];
}

export interface ForecastAnswer {
  stamp: StampEntry;
  code: CodeEntry;
  focus: string;
  name: string;
  the_name: string;
  at: number;
  at_date: string;
  /** The finding of the first figure. */
  title: string;
  subtitle: string;
  in_short: (string)[];
  judgements: (JudgementEntry)[];
  everyone: RangeEntry;
  largest: Record<string, number>;
  lines: (LineEntry)[];
  /** What each figure shows, in words with its numbers. */
  sentences: Record<string, string>;
  history: (PublishedEntry)[];
  notes: (string)[];
}

export interface HostRow {
  place: string;
  name: string;
  people: RangeEntry;
  p_reached: number | null;
  text: string;
}

export interface IndicatorsAnswer {
  stamp: StampEntry;
  code: CodeEntry;
  focus: string;
  by: number;
  by_date: string;
  watch: (WatchRow)[];
  events: (EventRow)[];
  drivers: Record<string, (DriverEntry)[]>;
  notes: (string)[];
}

export interface IngredientEntry {
  name: string;
  grade: number;
  why: string;
}

export interface JobAnswer {
  job: string;
  kind: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  stage: string;
  done: number;
  total: number;
  seconds: number;
  eta_s: number | null;
  message: string;
  folder: string | null;
  run: string | null;
  command: string;
}

export interface JobList {
  jobs: (JobAnswer)[];
}

export interface JobRequest {
  kind: "forecast" | "compare" | "mix" | "fit";
  case: string;
  as_of: string | null;
  horizon: number;
  simulations: number;
  focus: string | null;
  at: string | null;
  given: (string)[];
  levers: (string)[];
  package: string | null;
  against: string | null;
  /** Of mix: NAME=AMOUNT, as for --budget. */
  budget: (string)[];
  /** Of mix: LEVER or LEVER=0.4,0.8, as for --mix. */
  mix: (string)[];
  /** Of mix: the quantity that is judged. */
  outcome: string | null;
}

export interface JudgementEntry {
  text: string;
  event: string;
  place: string;
  by: string;
  month: number;
  quantity: string;
  probability: number;
  term: string | null;
  term_range: string | null;
  scale: string;
  range_text: string;
  low90: number;
  median: number;
  high90: number;
  confidence: "low" | "moderate" | "high";
  confidence_text: string;
  ingredients: (IngredientEntry)[];
  /** What would change it, in one sentence; empty where nothing stands out. */
  moves_if: string;
  drivers: (DriverEntry)[];
  evidence: (string)[];
}

export interface LineEntry {
  code: string;
  label: string;
  short: string;
  letter: string;
  group: "pathway" | "fate" | "counter" | "there";
  hindsight: boolean;
  now: RangeEntry;
  then: RangeEntry;
  probability_anyone: number;
  /** Twenty quantiles; each is a 1-in-20 chance. */
  dots: (number)[];
  fan: FanEntry;
}

export interface Meta {
  api: string;
  version: string;
  model_version: string;
  defaults: Defaults;
  cases: (CaseEntry)[];
  scales: (ScaleEntry)[];
  pathways: (PathwayEntry)[];
  groups_only: string;
  limits: (string)[];
  /** Simulations after which a comparison is sent, before the last. */
  steps: (number)[];
}

export interface MixAnswer {
  stamp: StampEntry;
  code: CodeEntry;
  title: string;
  headline: string;
  sentences: (string)[];
  outcome: string;
  outcome_label: string;
  direction: string;
  at_date: string;
  candidates: number;
  budgets: (BudgetEntry)[];
  /** The finalists: those within the budget first, the best first. */
  rows: (MixRow)[];
  tables: (TableEntry)[];
  notes: (string)[];
  /** The object of the command. */
  mix: Record<string, unknown>;
}

export interface MixRow {
  /** Its settings as the command line takes them; now for the status quo. */
  name: string;
  /** Its levers in words. */
  settings: (string)[];
  /** Whether it is within every budget on average. */
  within: boolean;
  /** Whether its gain or loss is of less than half a person, where people are judged. */
  small: boolean;
  /** Mean judged difference from now: positive is better. */
  gain: number;
  low90: number;
  high90: number;
  /** Twenty quantiles of the judged difference. */
  dots: (number)[];
  /** Share in which no other mix within the budget is better. */
  best: number | null;
  /** Mean extra spending, by budget. */
  spent: (number)[];
  /** Share of simulations in which it exceeds a budget. */
  over: number;
}

export interface MoveEntry {
  code: string;
  label: string;
  without: string;
  seen: string;
}

export interface OptionEntry {
  name: string;
  title: string;
  settings: (string)[];
}

export interface OptionOutcome {
  quantity: string;
  label: string;
  group: string;
  group_label: string;
  direction: string;
  /** Whether some option changes it, beyond simulation error. */
  matters: boolean;
  /** Mean under the status quo. */
  now: number;
  rows: (StandingEntry)[];
}

export interface OptionsStep {
  kind: "options";
  simulations: number;
  final: boolean;
  milliseconds: number;
  stamp: StampEntry;
  code: CodeEntry;
  title: string;
  headline: (string)[];
  verdicts: (string)[];
  options: (OptionEntry)[];
  /** Outcomes that a verdict begins with. */
  main: (string)[];
  outcomes: (OptionOutcome)[];
  tables: (TableEntry)[];
  notes: (string)[];
}

export interface OriginEntry {
  code: string;
  name: string;
  spellings: (string)[];
  kind: "country" | "remainder";
  flag: "measured" | "partial" | "poor" | "none";
  flag_text: string;
  figures: number;
  /** Inhabitants two years before (World Bank), for people per million. */
  population: number | null;
}

export interface OutcomeRow {
  place: string;
  name: string;
  quantity: string;
  label: string;
  refers_to: string;
  lead_months: number;
  /** 5, 25, 50, 75 and 95 %. */
  predicted: (number)[];
  predicted_text: string;
  /** None while hidden; counts under 5 as <5. */
  observed: string | null;
  inside90: boolean | null;
  hindsight: boolean;
}

export interface PanelEntry {
  place: string;
  name: string;
  unit: string;
  times: (string)[];
  levels: (number)[];
  values: ((number)[])[];
  record_times: (string)[];
  /** Published counts; under 5 as <5. */
  record: (string)[];
  /** By window (12 months, a year): chances of more than N. */
  past: Record<string, (PastEntry)[]>;
  sentence: string;
  /** A few simulations, one list of values each. */
  courses: ((number)[])[];
}

export interface ParameterRow {
  name: string;
  label: string;
  unit: string;
  low90: number;
  high90: number;
  status: string;
  source: string;
  grade: string;
  feeds: (string)[];
}

export interface PastEntry {
  number: number;
  probability: number;
  text: string;
}

export interface PathwayEntry {
  code: string;
  letter: string;
  short: string;
  fill: string;
  text: string;
  texture: string;
  shape: string;
}

export interface ProblemEntry {
  file: string;
  row: number | null;
  column: string | null;
  found: string;
  expected: string;
  nearest: string | null;
}

export interface PublishedEntry {
  quantity: string;
  date: string;
  published: string;
  text: string;
  value: number | null;
  low: number | null;
  high: number | null;
  bound: string;
  source: string;
  grade: string;
}

export interface QuantityEntry {
  code: string;
  label: string;
  unit: string;
  definition: string;
  group: string;
}

export interface RangeEntry {
  mean: number;
  median: number;
  low90: number;
  high90: number;
  mean_share: number | null;
  text: string;
}

export interface RecordRow {
  as_of: string;
  figures: number;
  coverage50: number | null;
  coverage90: number | null;
  skill: number | null;
  skill_low90: number | null;
  skill_high90: number | null;
  regression: number | null;
  regression_low90: number | null;
  regression_high90: number | null;
}

export interface ScaleEntry {
  code: string;
  name: string;
  source: string;
  terms: (TermEntry)[];
  legend: string;
}

export interface SideFan {
  code: string;
  label: string;
  a: FanEntry;
  b: FanEntry;
}

export interface SourceRow {
  id: string;
  title: string;
  publisher: string;
  published: string;
  url: string;
  licence: string;
  grade: string;
}

export interface StampEntry {
  case: string;
  case_hash: string;
  as_of: string;
  model_version: string;
  model_hash: string;
  draws: string;
  seed: number;
  simulations: number;
  horizon_months: number;
  run: string;
  kind: "published" | "user";
  /** Made with the package, not on this request. */
  prepared: boolean;
  /** One line for the foot of a figure. */
  source_line: string;
  /** One sentence on what the parameters rest on. */
  basis: string;
  /** Sentences to show: stale, few simulations, beyond the data. */
  notes: (string)[];
}

export interface StandingEntry {
  name: string;
  mean: number;
  low90: number;
  high90: number;
  dots: (number)[];
  verdict: "better" | "worse" | "neither";
  /** Share of simulations in which no other option is better. */
  best: number | null;
  /** How much better the best other option is, on average. */
  regret: number | null;
  text: string;
}

export interface SupportEntry {
  code: string;
  ratio: number | null;
  /** ++, +, 0, - or --; empty where there is no ratio. */
  mark: string;
}

export interface TableEntry {
  title: string;
  headings: (string)[];
  /** Which columns hold numbers, set to the right. */
  numeric: (boolean)[];
  sections: (((string)[])[])[];
  note: string;
}

export interface TermEntry {
  text: string;
  low: number;
  high: number;
  range: string;
}

export interface TrackAnswer {
  case: string;
  revealed: boolean;
  sentences: (string)[];
  rows: (OutcomeRow)[];
  rows_of: string;
  dates: (string)[];
  /** The track record by date; empty while hidden. */
  record: (RecordRow)[];
  code: CodeEntry;
  notes: (string)[];
}

export interface VintageAnswer {
  case: string;
  as_of: string;
  title: string;
  prepared: boolean;
  kept_up_to: string | null;
  origins: (OriginEntry)[];
  world_text: string;
  levers: Record<string, unknown>;
  assumptions: (AssumptionEntry)[];
  conditions: (ConditionForm)[];
  quantities: (QuantityEntry)[];
  hindsight: (string)[];
  warnings: number;
}

export interface VintageEntry {
  as_of: string;
  label: string;
  prepared: boolean;
  simulations: number | null;
  fitted: boolean;
  /** Whether figures published later are at hand (hidden until asked for). */
  outcomes: boolean;
}

export interface ViolenceAnswer {
  stamp: StampEntry;
  code: CodeEntry;
  title: string;
  subtitle: string;
  panels: (PanelEntry)[];
  table: TableEntry;
  notes: (string)[];
}

export interface WatchRow {
  id: string;
  name: string;
  watch: string;
  pathways: (string)[];
  direction: string;
  places: (string)[];
  judgement: string;
  published: string;
  source: string;
  grade: string;
}

export interface WhyAnswer {
  stamp: StampEntry;
  code: CodeEntry;
  headline: (string)[];
  tables: (TableEntry)[];
  notes: (string)[];
  drivers: (DriverEntry)[];
  why: Record<string, unknown>;
}

export interface WorkAnswer {
  state: "idle" | "queued" | "running";
  stage: string;
  done: number;
  total: number;
  text: string;
}
