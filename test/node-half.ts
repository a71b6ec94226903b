// The gate runs every test on two versions of Node. What is tried in many places, no matter on which of them, is shared
// out: the older one takes one half, the newer the other.

/** 0 on Node 20 and 22, 1 from Node 24 on. */
const HALF = Number(process.versions.node.split('.')[0]) >= 24 ? 1 : 0;

/** True for every second number: those that this Node tries. */
export function isOurs(number: number): boolean {
  return number % 2 === HALF;
}
