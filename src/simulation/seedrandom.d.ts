// Types for the two generators taken from seedrandom by deep import; the published types cover only its index, which
// would pull in the generators that must stay unreachable.

declare module 'seedrandom/lib/tychei.js' {
  interface TycheiGenerator {
    int32(): number;
  }
  function tychei(key: string): TycheiGenerator;
  export = tychei;
}

declare module 'seedrandom/seedrandom.js' {
  interface Arc4Generator {
    int32(): number;
  }
  function arc4(key: string, options: { global: false }): Arc4Generator;
  export = arc4;
}
