/** The theme of the Python pictures, read from the same file: a colour is written down once. */
import theme from "../../../src/afterfall/report/kit/theme.json";

export type Code = keyof typeof theme.pathways;
export const PATHWAYS = Object.keys(theme.pathways) as Code[];
/** Classes of the map, pale to strong, and the cuts between them in people. */
export const MAP = ["#eef3f7", "#c9dcec", "#94bbdb", "#5590c0", "#2b639b", "#143a66"];
export const CUTS = [10, 30, 100, 300, 1000];
export const CUTS_PER_MILLION = [0.3, 1, 3, 10, 30];
/** The two sides of a comparison. */
export const SIDE_A = "#3d444c";
export const SIDE_B = "#14507e";
/** One simulation among the bands of all. */
export const COURSE = "#b35900";
export const isPathway = (code: string): code is Code => code in theme.pathways;
export const fillOf = (code: string): string => (isPathway(code) ? theme.pathways[code].fill : theme.other.fill);
export const textOf = (code: string): string => (isPathway(code) ? theme.pathways[code].text : theme.other.text);
export const letterOf = (code: string): string => (isPathway(code) ? theme.pathways[code].letter : "");
export default theme;
