import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 802:
/***/ (function(module, __unused_webpack_exports, __nccwpck_require__) {

/* module decorator */ module = __nccwpck_require__.nmd(module);
// A Javascript implementaion of the "Tyche-i" prng algorithm by
// Samuel Neves and Filipe Araujo.
// See https://eden.dei.uc.pt/~sneves/pubs/2011-snfa2.pdf

(function(global, module, define) {

function XorGen(seed) {
  var me = this, strseed = '';

  // Set up generator function.
  me.next = function() {
    var b = me.b, c = me.c, d = me.d, a = me.a;
    b = (b << 25) ^ (b >>> 7) ^ c;
    c = (c - d) | 0;
    d = (d << 24) ^ (d >>> 8) ^ a;
    a = (a - b) | 0;
    me.b = b = (b << 20) ^ (b >>> 12) ^ c;
    me.c = c = (c - d) | 0;
    me.d = (d << 16) ^ (c >>> 16) ^ a;
    return me.a = (a - b) | 0;
  };

  /* The following is non-inverted tyche, which has better internal
   * bit diffusion, but which is about 25% slower than tyche-i in JS.
  me.next = function() {
    var a = me.a, b = me.b, c = me.c, d = me.d;
    a = (me.a + me.b | 0) >>> 0;
    d = me.d ^ a; d = d << 16 ^ d >>> 16;
    c = me.c + d | 0;
    b = me.b ^ c; b = b << 12 ^ d >>> 20;
    me.a = a = a + b | 0;
    d = d ^ a; me.d = d = d << 8 ^ d >>> 24;
    me.c = c = c + d | 0;
    b = b ^ c;
    return me.b = (b << 7 ^ b >>> 25);
  }
  */

  me.a = 0;
  me.b = 0;
  me.c = 2654435769 | 0;
  me.d = 1367130551;

  if (seed === Math.floor(seed)) {
    // Integer seed.
    me.a = (seed / 0x100000000) | 0;
    me.b = seed | 0;
  } else {
    // String seed.
    strseed += seed;
  }

  // Mix in string seed, then discard an initial batch of 64 values.
  for (var k = 0; k < strseed.length + 20; k++) {
    me.b ^= strseed.charCodeAt(k) | 0;
    me.next();
  }
}

function copy(f, t) {
  t.a = f.a;
  t.b = f.b;
  t.c = f.c;
  t.d = f.d;
  return t;
};

function impl(seed, opts) {
  var xg = new XorGen(seed),
      state = opts && opts.state,
      prng = function() { return (xg.next() >>> 0) / 0x100000000; };
  prng.double = function() {
    do {
      var top = xg.next() >>> 11,
          bot = (xg.next() >>> 0) / 0x100000000,
          result = (top + bot) / (1 << 21);
    } while (result === 0);
    return result;
  };
  prng.int32 = xg.next;
  prng.quick = prng;
  if (state) {
    if (typeof(state) == 'object') copy(state, xg);
    prng.state = function() { return copy(xg, {}); }
  }
  return prng;
}

if (module && module.exports) {
  module.exports = impl;
} else if (define && define.amd) {
  define(function() { return impl; });
} else {
  this.tychei = impl;
}

})(
  this,
   true && module,    // present in node.js
  (typeof define) == 'function' && define   // present with an AMD loader
);




/***/ }),

/***/ 42:
/***/ (function(module, __unused_webpack_exports, __nccwpck_require__) {

/*
Copyright 2019 David Bau.

Permission is hereby granted, free of charge, to any person obtaining
a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT,
TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

*/

(function (global, pool, math) {
//
// The following constants are related to IEEE 754 limits.
//

var width = 256,        // each RC4 output is 0 <= x < 256
    chunks = 6,         // at least six RC4 outputs for each double
    digits = 52,        // there are 52 significant digits in a double
    rngname = 'random', // rngname: name for Math.random and Math.seedrandom
    startdenom = math.pow(width, chunks),
    significance = math.pow(2, digits),
    overflow = significance * 2,
    mask = width - 1,
    nodecrypto;         // node.js crypto module, initialized at the bottom.

//
// seedrandom()
// This is the seedrandom function described above.
//
function seedrandom(seed, options, callback) {
  var key = [];
  options = (options == true) ? { entropy: true } : (options || {});

  // Flatten the seed string or build one from local entropy if needed.
  var shortseed = mixkey(flatten(
    options.entropy ? [seed, tostring(pool)] :
    (seed == null) ? autoseed() : seed, 3), key);

  // Use the seed to initialize an ARC4 generator.
  var arc4 = new ARC4(key);

  // This function returns a random double in [0, 1) that contains
  // randomness in every bit of the mantissa of the IEEE 754 value.
  var prng = function() {
    var n = arc4.g(chunks),             // Start with a numerator n < 2 ^ 48
        d = startdenom,                 //   and denominator d = 2 ^ 48.
        x = 0;                          //   and no 'extra last byte'.
    while (n < significance) {          // Fill up all significant digits by
      n = (n + x) * width;              //   shifting numerator and
      d *= width;                       //   denominator and generating a
      x = arc4.g(1);                    //   new least-significant-byte.
    }
    while (n >= overflow) {             // To avoid rounding up, before adding
      n /= 2;                           //   last byte, shift everything
      d /= 2;                           //   right using integer math until
      x >>>= 1;                         //   we have exactly the desired bits.
    }
    return (n + x) / d;                 // Form the number within [0, 1).
  };

  prng.int32 = function() { return arc4.g(4) | 0; }
  prng.quick = function() { return arc4.g(4) / 0x100000000; }
  prng.double = prng;

  // Mix the randomness into accumulated entropy.
  mixkey(tostring(arc4.S), pool);

  // Calling convention: what to return as a function of prng, seed, is_math.
  return (options.pass || callback ||
      function(prng, seed, is_math_call, state) {
        if (state) {
          // Load the arc4 state from the given state if it has an S array.
          if (state.S) { copy(state, arc4); }
          // Only provide the .state method if requested via options.state.
          prng.state = function() { return copy(arc4, {}); }
        }

        // If called as a method of Math (Math.seedrandom()), mutate
        // Math.random because that is how seedrandom.js has worked since v1.0.
        if (is_math_call) { math[rngname] = prng; return seed; }

        // Otherwise, it is a newer calling convention, so return the
        // prng directly.
        else return prng;
      })(
  prng,
  shortseed,
  'global' in options ? options.global : (this == math),
  options.state);
}

//
// ARC4
//
// An ARC4 implementation.  The constructor takes a key in the form of
// an array of at most (width) integers that should be 0 <= x < (width).
//
// The g(count) method returns a pseudorandom integer that concatenates
// the next (count) outputs from ARC4.  Its return value is a number x
// that is in the range 0 <= x < (width ^ count).
//
function ARC4(key) {
  var t, keylen = key.length,
      me = this, i = 0, j = me.i = me.j = 0, s = me.S = [];

  // The empty key [] is treated as [0].
  if (!keylen) { key = [keylen++]; }

  // Set up S using the standard key scheduling algorithm.
  while (i < width) {
    s[i] = i++;
  }
  for (i = 0; i < width; i++) {
    s[i] = s[j = mask & (j + key[i % keylen] + (t = s[i]))];
    s[j] = t;
  }

  // The "g" method returns the next (count) outputs as one number.
  (me.g = function(count) {
    // Using instance members instead of closure state nearly doubles speed.
    var t, r = 0,
        i = me.i, j = me.j, s = me.S;
    while (count--) {
      t = s[i = mask & (i + 1)];
      r = r * width + s[mask & ((s[i] = s[j = mask & (j + t)]) + (s[j] = t))];
    }
    me.i = i; me.j = j;
    return r;
    // For robust unpredictability, the function call below automatically
    // discards an initial batch of values.  This is called RC4-drop[256].
    // See http://google.com/search?q=rsa+fluhrer+response&btnI
  })(width);
}

//
// copy()
// Copies internal state of ARC4 to or from a plain object.
//
function copy(f, t) {
  t.i = f.i;
  t.j = f.j;
  t.S = f.S.slice();
  return t;
};

//
// flatten()
// Converts an object tree to nested arrays of strings.
//
function flatten(obj, depth) {
  var result = [], typ = (typeof obj), prop;
  if (depth && typ == 'object') {
    for (prop in obj) {
      try { result.push(flatten(obj[prop], depth - 1)); } catch (e) {}
    }
  }
  return (result.length ? result : typ == 'string' ? obj : obj + '\0');
}

//
// mixkey()
// Mixes a string seed into a key that is an array of integers, and
// returns a shortened string seed that is equivalent to the result key.
//
function mixkey(seed, key) {
  var stringseed = seed + '', smear, j = 0;
  while (j < stringseed.length) {
    key[mask & j] =
      mask & ((smear ^= key[mask & j] * 19) + stringseed.charCodeAt(j++));
  }
  return tostring(key);
}

//
// autoseed()
// Returns an object for autoseeding, using window.crypto and Node crypto
// module if available.
//
function autoseed() {
  try {
    var out;
    if (nodecrypto && (out = nodecrypto.randomBytes)) {
      // The use of 'out' to remember randomBytes makes tight minified code.
      out = out(width);
    } else {
      out = new Uint8Array(width);
      (global.crypto || global.msCrypto).getRandomValues(out);
    }
    return tostring(out);
  } catch (e) {
    var browser = global.navigator,
        plugins = browser && browser.plugins;
    return [+new Date, global, plugins, global.screen, tostring(pool)];
  }
}

//
// tostring()
// Converts an array of charcodes to a string
//
function tostring(a) {
  return String.fromCharCode.apply(0, a);
}

//
// When seedrandom.js is loaded, we immediately mix a few bits
// from the built-in RNG into the entropy pool.  Because we do
// not want to interfere with deterministic PRNG state later,
// seedrandom will not call math.random on its own again after
// initialization.
//
mixkey(math.random(), pool);

//
// Nodejs and AMD support: export the implementation as a module using
// either convention.
//
if ( true && module.exports) {
  module.exports = seedrandom;
  // When in node.js, try using crypto package for autoseeding.
  try {
    nodecrypto = __nccwpck_require__(982);
  } catch (ex) {}
} else if ((typeof define) == 'function' && define.amd) {
  define(function() { return seedrandom; });
} else {
  // When included as a plain script, set up Math.seedrandom global.
  math['seed' + rngname] = seedrandom;
}


// End anonymous scope, and pass initial values.
})(
  // global: `self` in browsers (including strict mode and web workers),
  // otherwise `this` in Node and other environments
  (typeof self !== 'undefined') ? self : this,
  [],     // pool: entropy pool starts empty
  Math    // math: package containing random, pow, and seedrandom
);


/***/ }),

/***/ 982:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		id: moduleId,
/******/ 		loaded: false,
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Flag the module as loaded
/******/ 	module.loaded = true;
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/node module decorator */
/******/ (() => {
/******/ 	__nccwpck_require__.nmd = (module) => {
/******/ 		module.paths = [];
/******/ 		if (!module.children) module.children = [];
/******/ 		return module;
/******/ 	};
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:worker_threads"
const external_node_worker_threads_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");
;// CONCATENATED MODULE: ./build/expression/decimal.js
// Decimal text of doubles as Python writes it.
/** Python's `repr` of a float: the shortest text that reads back, with `.0` or an exponent. */
function floatRepr(x) {
    if (Number.isNaN(x))
        return 'nan';
    if (x === Infinity)
        return 'inf';
    if (x === -Infinity)
        return '-inf';
    const size = Math.abs(x);
    if (size === 0)
        return Object.is(x, -0) ? '-0.0' : '0.0';
    if (size >= 1e-4 && size < 1e16)
        return Number.isInteger(x) ? `${x}.0` : String(x);
    const [mantissa = '', exponent = ''] = x.toExponential().split('e');
    const digits = exponent.slice(1).padStart(2, '0');
    return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${digits}`;
}
const BITS = new DataView(new ArrayBuffer(8));
/** |x| * 10^digits rounded half to even, exactly. `digits` may be negative; x must be finite. */
function scaledInteger(x, digits) {
    BITS.setFloat64(0, Math.abs(x));
    const bits = BITS.getBigUint64(0);
    const biased = Number(bits >> 52n);
    const fraction = bits & 0xfffffffffffffn;
    const exponent = (biased === 0 ? 1 : biased) - 1075;
    let numerator = biased === 0 ? fraction : fraction | 0x10000000000000n;
    let denominator = 1n;
    if (exponent >= 0)
        numerator <<= BigInt(exponent);
    else
        denominator <<= BigInt(-exponent);
    if (digits >= 0)
        numerator *= 10n ** BigInt(digits);
    else
        denominator *= 10n ** BigInt(-digits);
    const quotient = numerator / denominator;
    const twice = (numerator % denominator) * 2n;
    const up = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
    return up ? quotient + 1n : quotient;
}
/** Python's `'%.<digits>f'` of a finite x >= 0. */
function fixedText(x, digits) {
    // toFixed is exact but breaks ties upward, Python half to even; a tie needs x * 2^(digits + 1) to be whole.
    const mayTie = digits < 30 && Number.isInteger(x * 2 ** (digits + 1));
    if (digits <= 100 && x < 1e21 && !mayTie)
        return x.toFixed(digits);
    const text = scaledInteger(x, digits)
        .toString()
        .padStart(digits + 1, '0');
    return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
/** Python's `'%.<digits>e'` of a finite x >= 0. */
function exponentText(x, digits) {
    if (x === 0)
        return `0${digits > 0 ? `.${'0'.repeat(digits)}` : ''}e+00`;
    let exponent = Number.parseInt(x.toExponential().split('e')[1] ?? '0', 10);
    let text = scaledInteger(x, digits - exponent).toString();
    // Rounding may carry into one more digit.
    if (text.length > digits + 1)
        text = scaledInteger(x, digits - ++exponent).toString();
    const size = String(Math.abs(exponent)).padStart(2, '0');
    const fraction = digits > 0 ? `.${text.slice(1)}` : '';
    return `${text.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
}
/**
 * Python's `'%.<digits>g'` of a finite x >= 0. `keepZeros` is the alternate form; `asFloat` the format without a
 * type letter, which goes over to exponents one digit earlier and always shows that it is a float.
 */
function generalText(x, digits, keepZeros, asFloat) {
    const precision = digits === 0 ? 1 : digits;
    const scientific = exponentText(x, precision - 1);
    const split = scientific.indexOf('e');
    const exponent = Number.parseInt(scientific.slice(split + 1), 10);
    if (exponent < -4 || exponent >= precision - (asFloat ? 1 : 0)) {
        return `${dropZeros(scientific.slice(0, split), keepZeros)}${scientific.slice(split)}`;
    }
    const text = dropZeros(fixedText(x, precision - 1 - exponent), keepZeros);
    return asFloat && !text.includes('.') ? `${text}.0` : text;
}
function dropZeros(text, keepZeros) {
    return keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, '');
}

;// CONCATENATED MODULE: ./build/expression/errors.js
// The two ways an expression can fail, as typed errors with a place. They carry no stack: the author's mistake is
// not a bug of this program, and a unit may fail a million times.
/** The text is not an expression of the language. Line and column count from 1, `offset` from 0 in UTF-16 units. */
class errors_ExpressionSyntaxError {
    kind = 'syntax';
    message;
    offset;
    end;
    line;
    column;
    constructor(message, source, offset, end = offset + 1) {
        const place = placeOf(source, offset);
        this.message = message;
        this.offset = offset;
        this.end = end;
        this.line = place.line;
        this.column = place.column;
    }
    toString() {
        return `SyntaxError: ${this.message}`;
    }
}
/**
 * An expression failed while it ran. `type` is Python's exception class, or `LimitError` for a limit of the sandbox;
 * `message` is what Python prints after the class. The place is set where the failing operation is known.
 */
class ExpressionError {
    kind = 'evaluation';
    type;
    message;
    line = null;
    column = null;
    /** Name of the assignment that failed, when the expression is part of a program. */
    assignment = null;
    constructor(type, message) {
        this.type = type;
        this.message = message;
    }
    toString() {
        return this.message === '' ? this.type : `${this.type}: ${this.message}`;
    }
}
/** Throws an ExpressionError of a Python exception class. */
function errors_raise(type, message) {
    throw new ExpressionError(type, message);
}
/** Throws the error of a sandbox limit. */
function raiseLimit(message) {
    throw new ExpressionError('LimitError', message);
}
/** Line and column of an offset, both from 1; the column counts code points. */
function placeOf(source, offset) {
    const before = source.slice(0, offset);
    const lineStart = before.lastIndexOf('\n') + 1;
    let line = 1;
    for (let i = before.indexOf('\n'); i >= 0; i = before.indexOf('\n', i + 1))
        line++;
    return { line, column: [...before.slice(lineStart)].length + 1 };
}

;// CONCATENATED MODULE: ./build/expression/json-skip.js
// Finds the end of a JSON value without making it: only of compact, plain text, such as this program writes. Whatever else
// it meets it leaves to the reader, which knows what is wrong with it.
/**
 * Where the value that begins at `at` ends; -1: it is not compact, has an escape or another rare form, is no JSON, or is
 * nested deeper than `depth` levels more.
 */
function endOfPlainJson(text, at, depth) {
    const code = text.charCodeAt(at);
    if (code === 34)
        return endOfText(text, at);
    if (code === 123)
        return endOfObject(text, at + 1, depth - 1);
    if (code === 91)
        return endOfArray(text, at + 1, depth - 1);
    if (code === 45 || (code >= 48 && code <= 57))
        return endOfNumber(text, at);
    if (code === 116)
        return text.startsWith('true', at) ? at + 4 : -1;
    if (code === 102)
        return text.startsWith('false', at) ? at + 5 : -1;
    if (code === 110)
        return text.startsWith('null', at) ? at + 4 : -1;
    return -1;
}
function endOfText(text, at) {
    for (let i = at + 1;; i++) {
        const code = text.charCodeAt(i);
        if (code === 34)
            return i + 1;
        // Not so at the end of the text, where the code is no number.
        if (!(code >= 32) || code === 92)
            return -1;
    }
}
function endOfNumber(text, at) {
    let i = text.charCodeAt(at) === 45 ? at + 1 : at;
    const first = i;
    while (isDigit(text.charCodeAt(i)))
        i++;
    const digits = i - first;
    // More digits may be more than there may be.
    if (digits === 0 || digits > 15 || (digits > 1 && text.charCodeAt(first) === 48))
        return -1;
    if (text.charCodeAt(i) === 46) {
        const point = i++;
        while (isDigit(text.charCodeAt(i)))
            i++;
        if (i === point + 1)
            return -1;
    }
    const next = text.charCodeAt(i);
    return next === 101 || next === 69 ? -1 : i;
}
function isDigit(code) {
    return code >= 48 && code <= 57;
}
function endOfObject(text, from, depth) {
    if (depth < 0)
        return -1;
    if (text.charCodeAt(from) === 125)
        return from + 1;
    for (let at = from;; at++) {
        if (text.charCodeAt(at) !== 34)
            return -1;
        at = endOfText(text, at);
        if (at < 0 || text.charCodeAt(at) !== 58)
            return -1;
        at = endOfPlainJson(text, at + 1, depth);
        if (at < 0)
            return -1;
        const code = text.charCodeAt(at);
        if (code === 125)
            return at + 1;
        if (code !== 44)
            return -1;
    }
}
function endOfArray(text, from, depth) {
    if (depth < 0)
        return -1;
    if (text.charCodeAt(from) === 93)
        return from + 1;
    for (let at = from;; at++) {
        at = endOfPlainJson(text, at, depth);
        if (at < 0)
            return -1;
        const code = text.charCodeAt(at);
        if (code === 93)
            return at + 1;
        if (code !== 44)
            return -1;
    }
}

;// CONCATENATED MODULE: ./build/expression/values.js
/** A float whose value is integral, so that it still prints with its `.0`. Never holds a fraction, inf or nan. */
class PyFloat {
    value;
    constructor(value) {
        this.value = value;
    }
}
/**
 * A list: the first `length` items of an array it may share with other lists. `path + [x]` appends to the shared
 * array when nobody did before, which makes growing a path O(1); in-place methods copy first when `shared`.
 */
class PyList {
    items;
    length;
    shared;
    constructor(items, length = items.length, shared = false) {
        this.items = items;
        this.length = length;
        this.shared = shared;
    }
}
/** A tuple. */
class PyTuple {
    items;
    constructor(items) {
        this.items = items;
    }
}
/** A dict in insertion order. `originals` holds the keys that differ from their canonical key (`True`, `2.0`, tuples). */
class PyDict {
    entries = new Map();
    originals = null;
}
/** A set or frozenset, in insertion order (Python's own order is an accident of hashing). */
class PySet {
    entries = new Map();
    frozen;
    constructor(frozen = false) {
        this.frozen = frozen;
    }
}
/** `range(start, stop, step)` with its number of items. */
class PyRange {
    start;
    stop;
    step;
    length;
    constructor(start, stop, step, length) {
        this.start = start;
        this.stop = stop;
        this.step = step;
        this.length = length;
    }
}
/** A live view of a dict: what `keys()`, `values()` and `items()` give. */
class PyView {
    dict;
    kind;
    constructor(dict, kind) {
        this.dict = dict;
        this.kind = kind;
    }
}
/** A one-pass iterator: generator expressions, `zip`, `map`, `reversed` and their like. `name` is Python's type name. */
class PyIterator {
    source;
    name;
    constructor(source, name) {
        this.source = source;
        this.name = name;
    }
}
/** A slice inside brackets. */
class PySlice {
    start;
    stop;
    step;
    constructor(start, stop, step) {
        this.start = start;
        this.stop = stop;
        this.step = step;
    }
}
/** A callable: a builtin function, a bound method or a lambda. */
class PyFunction {
    name;
    body;
    kind;
    constructor(name, body, kind = 'builtin') {
        this.name = name;
        this.body = body;
        this.kind = kind;
    }
}
/** A type name used as a value: `int`, `str`, `list`; callable, and the second argument of `isinstance`. */
class PyType {
    name;
    body;
    includes;
    constructor(name, body, includes) {
        this.name = name;
        this.body = body;
        this.includes = includes;
    }
}
/** A module name used as a value: `math`, `random`. */
class PyModule {
    name;
    members;
    constructor(name, members) {
        this.name = name;
        this.members = members;
    }
}
/** A value another layer adds (a template's loop, namespace, macro). It exposes only what `attribute` answers. */
class PyHost {
}
/** A float of any JS number. */
function makeFloat(x) {
    return Number.isInteger(x) ? new PyFloat(x) : x;
}
/** The int of a bigint: a JS number when safe. */
function values_makeInt(n) {
    return n >= -9007199254740991n && n <= 9007199254740991n ? Number(n) : n;
}
/** A new list that takes the array over. */
function values_listOf(items) {
    return new PyList(items);
}
/** The items of a list, as a copy. */
function listItems(list) {
    return list.items.slice(0, list.length);
}
/** A dict of string keys. A repeated key keeps its first place and its last value, as in Python. */
function values_dictOf(entries) {
    const dict = new PyDict();
    for (const [key, value] of entries)
        dictSetText(dict, key, value);
    return dict;
}
/** The value of a string key, or undefined. */
function dictGet(dict, key) {
    return dict.entries.get(textKey(key));
}
/** Sets the value of a string key. */
function dictSetText(dict, key, value) {
    const canonical = textKey(key);
    if (canonical !== key && !dict.entries.has(canonical)) {
        dict.originals ??= new Map();
        dict.originals.set(canonical, key);
    }
    dict.entries.set(canonical, value);
}
/** Original keys and values in insertion order. */
function* dictEntries(dict) {
    for (const [key, value] of dict.entries)
        yield [originalKey(dict, key), value];
}
/** The key as the author wrote it. */
function originalKey(dict, key) {
    const original = dict.originals?.get(key);
    // Only callables and modules use themselves as key, and strings, numbers and None are their own.
    return original !== undefined ? original : key;
}
/** Canonical key of a string. Canonical keys of composite values begin with NUL, so such strings are moved aside. */
function textKey(text) {
    return text.charCodeAt(0) === 0 ? `\0s${text}` : text;
}
/** True for a Python float. */
function isFloat(value) {
    return value instanceof PyFloat || (typeof value === 'number' && !Number.isInteger(value));
}
/** True for a Python int; False for a bool. */
function isInt(value) {
    return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}
/** True for int and float; False for a bool. */
function isNumber(value) {
    return typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat;
}
/** The number as a JS double (infinite for an int beyond its range), or null when it is no number. A bool is none. */
function toNumber(value) {
    if (typeof value === 'number')
        return value;
    if (value instanceof PyFloat)
        return value.value;
    return typeof value === 'bigint' ? Number(value) : null;
}
/** Python's name of the value's type. */
function typeName(value) {
    switch (typeof value) {
        case 'boolean':
            return 'bool';
        case 'number':
            return Number.isInteger(value) ? 'int' : 'float';
        case 'bigint':
            return 'int';
        case 'string':
            return 'str';
        default:
            return value === null ? 'NoneType' : objectTypeName(value);
    }
}
function objectTypeName(value) {
    if (value instanceof PyFloat)
        return 'float';
    if (value instanceof PyList)
        return 'list';
    if (value instanceof PyTuple)
        return 'tuple';
    if (value instanceof PyDict)
        return 'dict';
    if (value instanceof PySet)
        return value.frozen ? 'frozenset' : 'set';
    if (value instanceof PyRange)
        return 'range';
    if (value instanceof PyView)
        return `dict_${value.kind}`;
    if (value instanceof PyIterator)
        return value.name;
    if (value instanceof PySlice)
        return 'slice';
    if (value instanceof PyFunction)
        return value.kind === 'lambda' ? 'function' : 'builtin_function_or_method';
    if (value instanceof PyType)
        return 'type';
    if (value instanceof PyModule)
        return 'module';
    return value.typeName;
}

;// CONCATENATED MODULE: ./build/expression/json-reader.js
// Reads JSON text into values. It builds; what a mistake becomes is decided by who calls.


const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
/** Reads one JSON text. `refuse` is told what is wrong and where, and must throw. */
class JsonReader {
    text;
    maxDepth;
    refuse;
    at = 0;
    constructor(text, maxDepth, refuse) {
        this.text = text;
        this.maxDepth = maxDepth;
        this.refuse = refuse;
    }
    /** The value of the whole text. */
    read() {
        const value = this.value(0);
        this.skipSpace();
        if (this.at < this.text.length)
            this.fail('unexpected text after the value');
        return value;
    }
    /**
     * The members of the object that the whole text is, in order; null: it is something else. With `only`, the values of the
     * others are read over, as strictly, and are None.
     */
    readFields(only) {
        this.skipSpace();
        if (this.text.charCodeAt(this.at) !== 123) {
            this.read();
            return null;
        }
        const fields = new Map();
        this.at++;
        this.skipSpace();
        if (this.text.charCodeAt(this.at) === 125)
            this.at++;
        else
            while (this.readField(fields, only))
                this.skipSpace();
        this.skipSpace();
        if (this.at < this.text.length)
            this.fail('unexpected text after the value');
        return fields;
    }
    /** Reads a member and what follows it; false: that was the end of the object. */
    readField(fields, only) {
        const key = this.knownKey(fields.size);
        const end = only === null || only.has(key) ? -1 : endOfPlainJson(this.text, this.at, this.maxDepth - 1);
        if (end < 0)
            fields.set(key, this.value(1));
        else {
            fields.set(key, null);
            this.at = end;
        }
        this.skipSpace();
        const code = this.text.charCodeAt(this.at);
        if (code !== 44 && code !== 125)
            this.fail("',' or '}' was expected");
        this.at++;
        return code === 44;
    }
    /** A name, which is most often that of the same place in the text before. */
    knownKey(place) {
        const { text, at } = this;
        const guess = KNOWN_KEYS[place];
        const after = at + 1 + (guess?.length ?? 0);
        if (guess !== undefined &&
            text.charCodeAt(after) === 34 &&
            text.charCodeAt(after + 1) === 58 &&
            text.charCodeAt(at) === 34 &&
            text.startsWith(guess, at + 1)) {
            this.at = after + 2;
            return guess;
        }
        const key = this.key();
        if (place < MOST_KNOWN_KEYS && key.length < 100 && !/["\\]/.test(key))
            KNOWN_KEYS[place] = key;
        return key;
    }
    /** A name, and the colon after it. */
    key() {
        if (this.text.charCodeAt(this.at) !== 34)
            this.fail('a name in double quotes was expected');
        const key = this.string();
        this.skipSpace();
        if (this.text.charCodeAt(this.at) !== 58)
            this.fail("':' was expected");
        this.at++;
        return key;
    }
    fail(message, at = this.at) {
        return this.refuse(at >= this.text.length ? 'unexpected end of the text' : message, at);
    }
    skipSpace() {
        for (;;) {
            const code = this.text.charCodeAt(this.at);
            if (code !== 32 && code !== 10 && code !== 13 && code !== 9)
                return;
            this.at++;
        }
    }
    value(depth) {
        this.skipSpace();
        const code = this.text.charCodeAt(this.at);
        if (code === 34)
            return this.string();
        if (code === 123)
            return this.object(depth + 1);
        if (code === 91)
            return this.array(depth + 1);
        if (code === 45 || (code >= 48 && code <= 57))
            return this.number();
        if (code === 116)
            return this.word('true', true);
        if (code === 102)
            return this.word('false', false);
        if (code === 110)
            return this.word('null', null);
        return this.fail('a value was expected');
    }
    word(word, value) {
        if (!this.text.startsWith(word, this.at))
            this.fail('a value was expected');
        this.at += word.length;
        return value;
    }
    number() {
        // Short integers, the common case, without a regular expression.
        const start = this.at;
        const first = this.text.charCodeAt(start) === 45 ? start + 1 : start;
        let at = first;
        let n = 0;
        let code = this.text.charCodeAt(at);
        while (code >= 48 && code <= 57) {
            n = n * 10 + code - 48;
            code = this.text.charCodeAt(++at);
        }
        const leadingZero = at - first > 1 && this.text.charCodeAt(first) === 48;
        if (leadingZero)
            this.fail('a number must not begin with 0', first);
        if (at > first && at - first < 16 && code !== 46 && code !== 101 && code !== 69) {
            this.at = at;
            return first === start ? n : 0 - n;
        }
        NUMBER.lastIndex = start;
        const match = NUMBER.exec(this.text);
        if (match === null)
            return this.fail('a digit was expected', first);
        this.at = NUMBER.lastIndex;
        if (match[1] === undefined && match[2] === undefined) {
            if (match[0].length > MAX_DIGITS)
                this.fail(`a whole number of more than ${MAX_DIGITS} digits`, start);
            return values_makeInt(BigInt(match[0]));
        }
        const x = Number(match[0]);
        if (!Number.isFinite(x))
            this.fail('the number is too large', start);
        return makeFloat(x);
    }
    string() {
        const start = this.at + 1;
        let at = start;
        for (;;) {
            const code = this.text.charCodeAt(at);
            if (code === 34)
                break;
            if (code === 92)
                return this.escaped(start, at);
            if (code < 32)
                this.fail('a control character inside a string', at);
            if (Number.isNaN(code))
                this.fail('unexpected end of the text', at);
            at++;
        }
        this.at = at + 1;
        return this.text.slice(start, at);
    }
    escaped(start, at) {
        let result = '';
        let from = start;
        for (;;) {
            const code = this.text.charCodeAt(at);
            if (code === 34)
                break;
            if (code < 32)
                this.fail('a control character inside a string', at);
            if (Number.isNaN(code))
                this.fail('unexpected end of the text', at);
            if (code !== 92) {
                at++;
                continue;
            }
            result += this.text.slice(from, at);
            const letter = this.text[at + 1] ?? '';
            if (letter === 'u') {
                const hex = this.text.slice(at + 2, at + 6);
                if (!/^[0-9a-fA-F]{4}$/.test(hex))
                    this.fail('four hex digits were expected after \\u', at);
                result += String.fromCharCode(Number.parseInt(hex, 16));
                at += 6;
            }
            else {
                const character = ESCAPES.get(letter);
                if (character === undefined)
                    this.fail('an unknown escape inside a string', at);
                result += character;
                at += 2;
            }
            from = at;
        }
        this.at = at + 1;
        return result + this.text.slice(from, at);
    }
    array(depth) {
        this.admit(depth);
        this.at++;
        const items = [];
        this.skipSpace();
        if (this.text.charCodeAt(this.at) === 93) {
            this.at++;
            return values_listOf(items);
        }
        for (;;) {
            items.push(this.value(depth));
            this.skipSpace();
            const code = this.text.charCodeAt(this.at);
            if (code !== 44 && code !== 93)
                this.fail("',' or ']' was expected");
            this.at++;
            if (code === 93)
                return values_listOf(items);
        }
    }
    object(depth) {
        this.admit(depth);
        this.at++;
        const dict = new PyDict();
        this.skipSpace();
        if (this.text.charCodeAt(this.at) === 125) {
            this.at++;
            return dict;
        }
        for (;;) {
            this.skipSpace();
            dictSetText(dict, this.key(), this.value(depth));
            this.skipSpace();
            const code = this.text.charCodeAt(this.at);
            if (code !== 44 && code !== 125)
                this.fail("',' or '}' was expected");
            this.at++;
            if (code === 125)
                return dict;
        }
    }
    admit(depth) {
        if (depth > this.maxDepth)
            this.fail(`nested deeper than ${this.maxDepth} levels`);
    }
}
// Names of the last object read, by their places: texts come in long rows with the same names, and a name that is there
// already need not be cut out of every one of them. It changes nothing but the time.
const KNOWN_KEYS = [];
const MOST_KNOWN_KEYS = 64;
// Python refuses to read longer ones too: reading them is quadratic.
const MAX_DIGITS = 4300;
const ESCAPES = new Map([
    ['"', '"'],
    ['\\', '\\'],
    ['/', '/'],
    ['b', '\b'],
    ['f', '\f'],
    ['n', '\n'],
    ['r', '\r'],
    ['t', '\t'],
]);

;// CONCATENATED MODULE: ./build/expression/limits.js
// Every limit of the sandbox in one table. The command line may raise them; a pipeline file may only lower them.
/** The limits that hold unless lowered. 112 attacks were tried against these; none got through. */
const limits_DEFAULT_LIMITS = {
    sourceLength: 50_000,
    nodes: 20_000,
    nesting: 80,
    elseChain: 500,
    depth: 60,
    fuel: 5_000_000,
    stringLength: 2 ** 20,
    collection: 1_000_000,
    integerBits: 32_768,
    formatWidth: 2 ** 20,
    formatPrecision: 2_000,
    templateOutput: 4 * 2 ** 20,
};

;// CONCATENATED MODULE: ./build/expression/json.js
// JSON text to values and back. Unlike JSON.parse it keeps key order (`"10"` before `"2"`), the difference between 1
// and 1.0, and big integers; it is strict, and refuses NaN, Infinity and deep nesting.





/** The text is not JSON. Line and column count from 1, `offset` from 0. */
class JsonError {
    kind = 'json';
    message;
    line;
    column;
    offset;
    constructor(message, source, offset) {
        const place = placeOf(source, offset);
        this.message = message;
        this.line = place.line;
        this.column = place.column;
        this.offset = offset;
    }
    toString() {
        return `${this.message} (line ${this.line}, column ${this.column})`;
    }
}
/** Reads one JSON value. A repeated key keeps its first place and its last value. Throws JsonError. */
function parseJson(text, maxDepth = limits_DEFAULT_LIMITS.depth) {
    return new JsonReader(text, maxDepth, (message, offset) => {
        throw new JsonError(message, text, offset);
    }).read();
}
/**
 * Compact JSON of a value: `{"a":1,"b":2.0}`. Tuples, sets and ranges become arrays, dict keys become text as
 * Python's `json.dumps` makes them. Throws ExpressionError: ValueError for inf and nan, TypeError for functions.
 */
function json_stringifyJson(value) {
    return write(value, 0);
}
function write(value, depth) {
    switch (typeof value) {
        case 'string':
            return JSON.stringify(value);
        case 'boolean':
            return value ? 'true' : 'false';
        case 'number':
            if (Number.isInteger(value))
                return String(value);
            if (!Number.isFinite(value))
                errors_raise('ValueError', 'Out of range float values are not JSON compliant');
            return floatRepr(value);
        case 'bigint':
            return value.toString();
        default:
    }
    if (value === null)
        return 'null';
    if (value instanceof PyFloat)
        return floatRepr(value.value);
    if (depth >= limits_DEFAULT_LIMITS.depth * 2)
        errors_raise('LimitError', 'data nested too deeply for JSON');
    if (value instanceof PyDict)
        return writeObject(value, depth + 1);
    if (value instanceof PyList)
        return writeArray(value.items, value.length, depth + 1);
    if (value instanceof PyTuple)
        return writeArray(value.items, value.items.length, depth + 1);
    if (value instanceof PySet)
        return writeArray([...value.entries.values()], value.entries.size, depth + 1);
    if (value instanceof PyRange) {
        const parts = [];
        for (let i = 0; i < value.length; i++)
            parts.push(String(value.start + i * value.step));
        return `[${parts.join(',')}]`;
    }
    if (value instanceof PyView)
        return writeView(value, depth + 1);
    return errors_raise('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
}
function writeArray(items, length, depth) {
    let text = '[';
    for (let i = 0; i < length; i++)
        text += (i === 0 ? '' : ',') + write(items[i], depth);
    return `${text}]`;
}
function writeView(view, depth) {
    const items = [];
    for (const [key, value] of view.dict.entries) {
        const original = originalKey(view.dict, key);
        items.push(view.kind === 'keys' ? original : view.kind === 'values' ? value : new PyTuple([original, value]));
    }
    return writeArray(items, items.length, depth);
}
function writeObject(dict, depth) {
    let text = '';
    for (const [key, value] of dict.entries) {
        const name = typeof key === 'string' && dict.originals === null ? key : keyText(originalKey(dict, key));
        text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${write(value, depth)}`;
    }
    return text === '' ? '{}' : `${text}}`;
}
function keyText(key) {
    if (typeof key === 'string')
        return key;
    if (key === null)
        return 'null';
    if (typeof key === 'boolean' ||
        typeof key === 'number' ||
        typeof key === 'bigint' ||
        key instanceof PyFloat) {
        return write(key, 0);
    }
    return errors_raise('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}
/** JSON object of the fields, in their order. */
function fieldsToJson(fields) {
    let text = '';
    for (const [name, value] of fields)
        text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${write(value, 1)}`;
    return text === '' ? '{}' : `${text}}`;
}
/**
 * Reads a JSON object as fields; with `only`, the values of all others may be None, though all of the text must be JSON.
 * Throws JsonError when the text is anything else.
 */
function fieldsFromJson(text, only = null) {
    const refuse = (message, offset) => {
        throw new JsonError(message, text, offset);
    };
    const fields = new JsonReader(text, limits_DEFAULT_LIMITS.depth, refuse).readFields(only);
    return fields ?? refuse('an object was expected', 0);
}
/**
 * Plain JavaScript data for validators: null-prototype objects, arrays, JS numbers (a big int loses digits).
 * Throws ExpressionError for what JSON has no form for, except inf and nan, which stay numbers.
 */
function toPlain(value) {
    return plain(value, 0);
}
function plain(value, depth) {
    if (value === null || typeof value !== 'object')
        return typeof value === 'bigint' ? Number(value) : value;
    if (value instanceof PyFloat)
        return value.value;
    if (depth >= limits_DEFAULT_LIMITS.depth * 2)
        errors_raise('LimitError', 'data nested too deeply');
    if (value instanceof PyList)
        return value.items.slice(0, value.length).map((item) => plain(item, depth + 1));
    if (value instanceof PyTuple)
        return value.items.map((item) => plain(item, depth + 1));
    if (value instanceof PySet)
        return [...value.entries.values()].map((item) => plain(item, depth + 1));
    if (value instanceof PyRange)
        return Array.from({ length: value.length }, (_, i) => value.start + i * value.step);
    if (value instanceof PyDict) {
        const object = Object.create(null);
        for (const [key, item] of value.entries)
            object[keyText(originalKey(value, key))] = plain(item, depth + 1);
        return object;
    }
    return errors_raise('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
}
/** A value of plain JavaScript data, as `JSON.parse` or a YAML reader gives it. An integral JS number becomes an int. */
function fromPlain(json, depth = 0) {
    switch (typeof json) {
        case 'string':
        case 'boolean':
            return json;
        case 'number':
            return Object.is(json, -0)
                ? 0
                : Number.isInteger(json) && !Number.isSafeInteger(json)
                    ? makeInt(BigInt(json))
                    : json;
        case 'bigint':
            return makeInt(json);
        default:
    }
    if (json === null || json === undefined)
        return null;
    if (depth >= DEFAULT_LIMITS.depth)
        raise('LimitError', 'data nested too deeply');
    if (Array.isArray(json))
        return listOf(json.map((item) => fromPlain(item, depth + 1)));
    if (json instanceof Map) {
        return dictOf([...json].map(([key, item]) => [String(key), fromPlain(item, depth + 1)]));
    }
    if (typeof json === 'object') {
        return dictOf(Object.entries(json).map(([key, item]) => [key, fromPlain(item, depth + 1)]));
    }
    return raise('TypeError', `a ${typeof json} is not data`);
}

;// CONCATENATED MODULE: ./build/expression/plain-json.js
// JSON text to plain JavaScript data, as JSON.parse reads it. Some versions of V8 (Node 24 and 26 among them, Node 20
// not) give an object the wrong key when the text writes that key with an escape: nodejs/node issue 63785.

// From within a string to its end, and to the colon that follows a key. It has one way to match, so the search is linear.
const REST_OF_STRING = /[^"\\]*(?:\\.[^"\\]*)*"\s*(:)?/sy;
/** Reads JSON text. Throws a SyntaxError or a JsonError when it is none. Objects may have no prototype. */
function plain_json_parsePlainJson(text) {
    return hasEscapedKey(text) ? toPlain(parseJson(text)) : JSON.parse(text);
}
/** The fields of such data; none of what is no object. */
function fieldsOf(value) {
    return typeof value === 'object' && value !== null ? value : {};
}
/** True of a whole number from 0 on. */
function isCount(value) {
    return Number.isSafeInteger(value) && value >= 0;
}
/** True of a finite number. */
function isFiniteNumber(value) {
    return Number.isFinite(value);
}
// Answers have escapes in most of their texts, and hardly ever in a key.
function hasEscapedKey(text) {
    for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', REST_OF_STRING.lastIndex)) {
        REST_OF_STRING.lastIndex = at;
        const rest = REST_OF_STRING.exec(text);
        // Whoever reads it says why it is no JSON.
        if (rest === null)
            return false;
        if (rest[1] !== undefined)
            return true;
    }
    return false;
}

;// CONCATENATED MODULE: ./build/expression/evaluation.js
// What one unit may use while its expressions run: fuel, limits, depth and its stream of random numbers.


/** The resources of one unit. Create one per unit: fuel is not given back. */
class Evaluation {
    random;
    limits;
    /** Steps left. */
    fuel;
    /** Current depth of calls and of nested data. */
    depth = 0;
    /** Offset, in the running expression's source, of the operation that may fail next. */
    at = 0;
    constructor(random, limits) {
        this.random = random;
        this.limits = limits;
        this.fuel = limits.fuel;
    }
}
/** A fresh evaluation. `random: null` makes every draw an error. */
function createEvaluation(options) {
    const { random, limits } = options;
    return new Evaluation(random, limits === undefined ? limits_DEFAULT_LIMITS : { ...limits_DEFAULT_LIMITS, ...limits });
}
/** Uses fuel; throws LimitError when none is left. */
function spend(evaluation, steps) {
    if ((evaluation.fuel -= steps) < 0)
        raiseLimit(`more than ${evaluation.limits.fuel} steps`);
}
/** Admits a collection of that size and pays for it. */
function admitItems(evaluation, count) {
    if (count > evaluation.limits.collection) {
        raiseLimit(`a collection of ${count} items (limit ${evaluation.limits.collection})`);
    }
    spend(evaluation, count);
}
/** Admits a string of that many UTF-16 units and pays for it. */
function admitText(evaluation, length) {
    if (length > evaluation.limits.stringLength) {
        raiseLimit(`a string of ${length} characters (limit ${evaluation.limits.stringLength})`);
    }
    // A long string is built by copying memory, which is far cheaper than other steps.
    spend(evaluation, length >> 6);
}
/** Pays for work on an integer that grows with the square of its bits: its text, its root, its powers. */
function spendSquare(evaluation, bits) {
    const words = bits >> 5;
    spend(evaluation, 1 + ((words * words) >> 6));
}
/** Goes one level down; pair with `leave`. */
function enter(evaluation) {
    if (++evaluation.depth > evaluation.limits.depth) {
        evaluation.depth--;
        raiseLimit(`nested deeper than ${evaluation.limits.depth} levels`);
    }
}
/** Comes one level up. */
function leave(evaluation) {
    evaluation.depth--;
}

;// CONCATENATED MODULE: ./build/expression/text.js
// Strings as Python sees them, in code points, and the text of values: `str()` and `repr()`.
// It knows no format specs and no string methods.




const SURROGATE = /[\ud800-\udfff]/;
/** True when code units and code points of the text may differ. */
function hasSurrogates(text) {
    return SURROGATE.test(text);
}
/** Python's `len` of a string: its code points. */
function codePointLength(text) {
    if (!SURROGATE.test(text))
        return text.length;
    let count = 0;
    for (const _ of text)
        count++;
    return count;
}
/** The characters of a text, one code point each. */
function characters(text) {
    return SURROGATE.test(text) ? [...text] : text.split('');
}
/** Order of two texts by code points: negative, 0 or positive. */
function compareText(a, b) {
    if (a === b)
        return 0;
    if (!SURROGATE.test(a) && !SURROGATE.test(b))
        return a < b ? -1 : 1;
    let i = 0;
    while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i))
        i++;
    // Step back when the difference is inside a surrogate pair, so that whole code points are compared.
    if (i > 0 && isLow(a.charCodeAt(i)) && isHigh(a.charCodeAt(i - 1)))
        i--;
    else if (i > 0 && isLow(b.charCodeAt(i)) && isHigh(b.charCodeAt(i - 1)))
        i--;
    return (a.codePointAt(i) ?? -1) - (b.codePointAt(i) ?? -1);
}
function isHigh(code) {
    return code >= 0xd800 && code < 0xdc00;
}
function isLow(code) {
    return code >= 0xdc00 && code < 0xe000;
}
/** Python's `str(value)`. Throws TypeError for functions, whose text would be a memory address. */
function pyStr(evaluation, value) {
    return typeof value === 'string' ? value : pyRepr(evaluation, value);
}
/** Python's `repr(value)`. */
function pyRepr(evaluation, value) {
    switch (typeof value) {
        case 'string':
            spend(evaluation, value.length >> 2);
            return textRepr(value);
        case 'boolean':
            return value ? 'True' : 'False';
        case 'number':
            return Number.isInteger(value) ? String(value) : floatRepr(value);
        case 'bigint':
            return bigText(evaluation, value);
        default:
            if (value === null)
                return 'None';
            return value instanceof PyFloat ? floatRepr(value.value) : reprObject(evaluation, value, []);
    }
}
function reprObject(evaluation, value, outer) {
    if (value === null || typeof value !== 'object' || value instanceof PyFloat)
        return pyRepr(evaluation, value);
    if (value instanceof PyType)
        return `<class '${value.name}'>`;
    if (value instanceof PyModule)
        return `<module '${value.name}'>`;
    if (value instanceof PyHost)
        return value.text();
    if (value instanceof PyRange) {
        const step = value.step === 1 ? '' : `, ${value.step}`;
        return `range(${value.start}, ${value.stop}${step})`;
    }
    if (value instanceof PySlice) {
        const parts = [value.start, value.stop, value.step].map((part) => pyRepr(evaluation, part));
        return `slice(${parts.join(', ')})`;
    }
    if (value instanceof PyFunction || value instanceof PyIterator) {
        errors_raise('TypeError', `a ${typeName(value)} object has no text here`);
    }
    if (outer.includes(value))
        return value instanceof PyList ? '[...]' : value instanceof PyDict ? '{...}' : '(...)';
    if (outer.length >= evaluation.limits.depth)
        raiseLimit(`data nested deeper than ${evaluation.limits.depth} levels`);
    outer.push(value);
    const text = reprContainer(evaluation, value, outer);
    outer.pop();
    return text;
}
function reprContainer(evaluation, value, outer) {
    if (value instanceof PyList)
        return `[${joinRepr(evaluation, value.items, value.length, outer)}]`;
    if (value instanceof PyTuple) {
        const inner = joinRepr(evaluation, value.items, value.items.length, outer);
        return value.items.length === 1 ? `(${inner},)` : `(${inner})`;
    }
    if (value instanceof PyDict)
        return `{${joinPairs(evaluation, value, outer)}}`;
    if (value instanceof PySet) {
        const items = [...value.entries.values()];
        if (items.length === 0)
            return value.frozen ? 'frozenset()' : 'set()';
        const inner = joinRepr(evaluation, items, items.length, outer);
        return value.frozen ? `frozenset({${inner}})` : `{${inner}}`;
    }
    const items = viewItems(value);
    return `dict_${value.kind}([${joinRepr(evaluation, items, items.length, outer)}])`;
}
/** What a dict view gives, as an array. */
function viewItems(view) {
    const { dict, kind } = view;
    if (kind === 'values')
        return [...dict.entries.values()];
    const items = [];
    for (const [key, value] of dict.entries) {
        const original = originalKey(dict, key);
        items.push(kind === 'keys' ? original : new PyTuple([original, value]));
    }
    return items;
}
function joinRepr(evaluation, items, length, outer) {
    spend(evaluation, length);
    let text = '';
    for (let i = 0; i < length; i++) {
        text += (i === 0 ? '' : ', ') + reprObject(evaluation, items[i], outer);
        if (text.length > evaluation.limits.stringLength)
            admitText(evaluation, text.length);
    }
    return text;
}
function joinPairs(evaluation, dict, outer) {
    spend(evaluation, dict.entries.size);
    let text = '';
    for (const [key, value] of dict.entries) {
        const name = reprObject(evaluation, originalKey(dict, key), outer);
        text += `${text === '' ? '' : ', '}${name}: ${reprObject(evaluation, value, outer)}`;
        if (text.length > evaluation.limits.stringLength)
            admitText(evaluation, text.length);
    }
    return text;
}
/** Decimal text of a big int. Python refuses more than 4300 digits: the conversion is quadratic. */
function bigText(evaluation, value) {
    const text = value.toString();
    spendSquare(evaluation, text.length * 3);
    if (text.length - (text.startsWith('-') ? 1 : 0) > 4300) {
        errors_raise('ValueError', 'Exceeds the limit (4300 digits) for integer string conversion');
    }
    return text;
}
const PLAIN = /^[ !#-&(-[\]-~]*$/;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
/** Python's `repr` of a string: single quotes unless the text holds only those. */
function textRepr(text) {
    if (PLAIN.test(text))
        return `'${text}'`;
    const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
    let result = quote;
    for (const character of text) {
        if (character === quote || character === '\\')
            result += `\\${character}`;
        else if (character === '\n')
            result += '\\n';
        else if (character === '\r')
            result += '\\r';
        else if (character === '\t')
            result += '\\t';
        else if (UNPRINTABLE.test(character))
            result += escapeCodePoint(character);
        else
            result += character;
    }
    return result + quote;
}
/** Python's `ascii()` of a text already in `repr` form: everything beyond ASCII escaped. */
function escapeNonAscii(text) {
    let result = '';
    for (const character of text)
        result += character.charCodeAt(0) < 128 ? character : escapeCodePoint(character);
    return result;
}
function escapeCodePoint(character) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100)
        return `\\x${code.toString(16).padStart(2, '0')}`;
    if (code < 0x10000)
        return `\\u${code.toString(16).padStart(4, '0')}`;
    return `\\U${code.toString(16).padStart(8, '0')}`;
}

;// CONCATENATED MODULE: ./build/expression/iteration.js
// Going through values: `len`, `for`, unpacking. Iteration is live, as in Python: a list that grows is followed.




/** Python's `len(value)`. */
function lengthOf(value) {
    if (value instanceof PyList)
        return value.length;
    if (typeof value === 'string')
        return codePointLength(value);
    if (value instanceof PyTuple)
        return value.items.length;
    if (value instanceof PyDict || value instanceof PySet)
        return value.entries.size;
    if (value instanceof PyRange)
        return value.length;
    if (value instanceof PyView)
        return value.dict.entries.size;
    return errors_raise('TypeError', `object of type '${typeName(value)}' has no len()`);
}
/**
 * The items of an iterable, one by one. Leaving a loop early does not close a one-pass iterator: the rest can still
 * be read, as in Python. Spends no fuel: whoever loops pays.
 */
function iterate(value) {
    if (value instanceof PyList)
        return new ListItems(value);
    if (typeof value === 'string')
        return value[Symbol.iterator]();
    if (value instanceof PyTuple)
        return value.items[Symbol.iterator]();
    if (value instanceof PyRange)
        return new RangeItems(value);
    if (value instanceof PyDict)
        return iterateDict(value, 'keys');
    if (value instanceof PyView)
        return iterateDict(value.dict, value.kind);
    if (value instanceof PySet)
        return iterateSet(value);
    if (value instanceof PyIterator)
        return new Rest(value.source);
    if (value instanceof PyHost && value.items !== undefined)
        return new Rest(value.items());
    return errors_raise('TypeError', `'${typeName(value)}' object is not iterable`);
}
/** True when `iterate` accepts the value. */
function isIterable(value) {
    return (typeof value === 'string' ||
        value instanceof PyList ||
        value instanceof PyTuple ||
        value instanceof PyRange ||
        value instanceof PyDict ||
        value instanceof PyView ||
        value instanceof PySet ||
        value instanceof PyIterator ||
        (value instanceof PyHost && value.items !== undefined));
}
class Rest {
    source;
    constructor(source) {
        this.source = source;
    }
    next() {
        return this.source.next();
    }
    [Symbol.iterator]() {
        return this;
    }
}
const FINISHED = { done: true, value: undefined };
// Lists and ranges are what most loops run over: plain classes, since JavaScript's generators are slower.
class ListItems {
    list;
    at = 0;
    constructor(list) {
        this.list = list;
    }
    next() {
        if (this.at < this.list.length)
            return { done: false, value: this.list.items[this.at++] };
        // Once at its end it stays there, even when the list grows.
        this.at = Infinity;
        return FINISHED;
    }
    [Symbol.iterator]() {
        return this;
    }
}
class RangeItems {
    range;
    at = 0;
    constructor(range) {
        this.range = range;
    }
    next() {
        const { start, step, length } = this.range;
        return this.at < length ? { done: false, value: start + this.at++ * step } : FINISHED;
    }
    [Symbol.iterator]() {
        return this;
    }
}
function* iterateDict(dict, kind) {
    const size = dict.entries.size;
    for (const [key, value] of dict.entries) {
        if (dict.entries.size !== size)
            errors_raise('RuntimeError', 'dictionary changed size during iteration');
        if (kind === 'values')
            yield value;
        else if (kind === 'keys')
            yield originalKey(dict, key);
        else
            yield new PyTuple([originalKey(dict, key), value]);
    }
    if (dict.entries.size !== size)
        errors_raise('RuntimeError', 'dictionary changed size during iteration');
}
function* iterateSet(set) {
    const size = set.entries.size;
    for (const value of set.entries.values()) {
        if (set.entries.size !== size)
            errors_raise('RuntimeError', 'Set changed size during iteration');
        yield value;
    }
    if (set.entries.size !== size)
        errors_raise('RuntimeError', 'Set changed size during iteration');
}
/** All items in a new array. Pays for each. */
function toItems(evaluation, value) {
    if (value instanceof PyList) {
        admitItems(evaluation, value.length);
        return value.items.slice(0, value.length);
    }
    if (value instanceof PyTuple) {
        admitItems(evaluation, value.items.length);
        return value.items.slice();
    }
    if (value instanceof PyRange)
        admitItems(evaluation, value.length);
    const items = [];
    for (const item of iterate(value)) {
        spend(evaluation, 1);
        items.push(item);
        if (items.length > evaluation.limits.collection)
            admitItems(evaluation, items.length);
    }
    return items;
}
/** Exactly `count` items, for `for a, b in pairs`. */
function unpack(evaluation, value, count) {
    if (value instanceof PyTuple && value.items.length === count)
        return value.items;
    if (!isIterable(value))
        errors_raise('TypeError', `cannot unpack non-iterable ${typeName(value)} object`);
    const items = [];
    for (const item of iterate(value)) {
        spend(evaluation, 1);
        if (items.length === count)
            errors_raise('ValueError', `too many values to unpack (expected ${count})`);
        items.push(item);
    }
    if (items.length < count) {
        errors_raise('ValueError', `not enough values to unpack (expected ${count}, got ${items.length})`);
    }
    return items;
}
/** A one-pass iterator that refuses to be asked while it is answering, as Python's generators do. */
function guardedIterator(source, name) {
    let running = false;
    return new PyIterator({
        next() {
            if (running)
                throw new ExpressionError('ValueError', `${name} already executing`);
            running = true;
            try {
                return source.next();
            }
            finally {
                running = false;
            }
        },
    }, name);
}

;// CONCATENATED MODULE: ./build/expression/keys.js
// Dict and set contents by Python's equality: which keys are the same key, and the operations built on that.



/** The canonical key: equal for values Python calls equal. Throws TypeError for what cannot be hashed. */
function canonicalKey(evaluation, value) {
    switch (typeof value) {
        case 'string':
            return textKey(value);
        case 'number':
        case 'bigint':
            return value;
        case 'boolean':
            return value ? 1 : 0;
        default:
            return value === null ? null : objectKey(evaluation, value);
    }
}
function objectKey(evaluation, value) {
    if (value instanceof PyFloat)
        return values_makeInt(BigInt(value.value));
    if (value instanceof PyTuple) {
        enter(evaluation);
        spend(evaluation, value.items.length * 4);
        let text = '\0t';
        for (const item of value.items)
            text += keyPart(canonicalKey(evaluation, item));
        leave(evaluation);
        return text;
    }
    if (value instanceof PySet && value.frozen) {
        spend(evaluation, value.entries.size);
        return `\0f${[...value.entries.keys()].map(keyPart).sort().join('')}`;
    }
    if (value instanceof PyRange) {
        const shape = value.length === 0 ? '' : `${value.start},${value.length},${value.length === 1 ? 1 : value.step}`;
        return `\0r${shape}`;
    }
    if (value instanceof PyFunction ||
        value instanceof PyType ||
        value instanceof PyModule ||
        value instanceof PyHost) {
        return value;
    }
    return errors_raise('TypeError', `unhashable type: '${typeName(value)}'`);
}
// One part of a composite key. Lengths make it unambiguous.
function keyPart(key) {
    if (typeof key === 'string')
        return `s${key.length}:${key}`;
    if (key === null)
        return 'N';
    if (typeof key === 'object')
        return errors_raise('TypeError', 'functions inside a tuple cannot be keys here');
    return `n${key};`;
}
/** The value of a key, or undefined. */
function dictLookup(evaluation, dict, key) {
    return dict.entries.get(canonicalKey(evaluation, key));
}
/** Sets a key. The first of equal keys stays the key that is shown. */
function dictSet(evaluation, dict, key, value) {
    const canonical = canonicalKey(evaluation, key);
    if (canonical !== key && !dict.entries.has(canonical)) {
        dict.originals ??= new Map();
        dict.originals.set(canonical, key);
    }
    dict.entries.set(canonical, value);
    payForEntry(evaluation, dict.entries.size);
}
/** Deletes a key; gives its value, or undefined when it was not there. */
function dictDelete(evaluation, dict, key) {
    const canonical = canonicalKey(evaluation, key);
    const value = dict.entries.get(canonical);
    dict.entries.delete(canonical);
    dict.originals?.delete(canonical);
    return value;
}
/** Adds every entry of `other`. */
function dictMerge(evaluation, dict, other) {
    for (const [key, value] of dict === other ? [] : other.entries) {
        dictSet(evaluation, dict, originalKey(other, key), value);
    }
}
/** A shallow copy. */
function dictCopy(evaluation, dict) {
    const copy = new PyDict();
    dictMerge(evaluation, copy, dict);
    return copy;
}
/** Adds a value to a set; an equal one stays. */
function setAdd(evaluation, set, value) {
    const key = canonicalKey(evaluation, value);
    if (!set.entries.has(key))
        set.entries.set(key, value);
    payForEntry(evaluation, set.entries.size);
}
/** True when an equal value is in the set. A set as the value stands for its frozenset, as in Python. */
function setHas(evaluation, set, value) {
    return set.entries.has(canonicalKey(evaluation, value instanceof PySet ? setCopy(evaluation, value, true) : value));
}
/** A copy, frozen or not. */
function setCopy(evaluation, set, frozen) {
    const copy = new PySet(frozen);
    spend(evaluation, set.entries.size * ENTRY_COST);
    for (const [key, value] of set.entries)
        copy.entries.set(key, value);
    return copy;
}
// A hash-table insertion takes about as long, and as much memory, as eight ordinary steps.
const ENTRY_COST = 8;
function payForEntry(evaluation, size) {
    spend(evaluation, ENTRY_COST);
    if (size > evaluation.limits.collection) {
        raiseLimit(`a collection of ${size} items (limit ${evaluation.limits.collection})`);
    }
}

;// CONCATENATED MODULE: ./build/expression/numbers.js
// Views of numeric values: which values count as numbers, and their value as an int or a double.


/** True for int, float and bool. */
function isNumeric(value) {
    return (typeof value === 'number' ||
        typeof value === 'bigint' ||
        typeof value === 'boolean' ||
        value instanceof PyFloat);
}
/** True for int and bool: what Python takes as an index. */
function isIntegral(value) {
    return typeof value === 'boolean' || isInt(value);
}
/** An int or bool as an int. */
function asInt(value) {
    return typeof value === 'boolean' ? (value ? 1 : 0) : value;
}
/** Any number as a JS double; OverflowError for an int beyond its range. */
function asDouble(value) {
    if (typeof value === 'number')
        return value;
    if (typeof value === 'boolean')
        return value ? 1 : 0;
    if (value instanceof PyFloat)
        return value.value;
    const x = Number(value);
    if (!Number.isFinite(x))
        errors_raise('OverflowError', 'int too large to convert to float');
    return x;
}
/** Bits of a non-negative big int. */
function bitLength(value) {
    const hex = value.toString(16);
    return value === 0n ? 0 : (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex.charAt(0), 16)));
}

;// CONCATENATED MODULE: ./build/expression/sets.js
// The algebra of sets and of the set-like dict views. Results keep the order of the left operand.




/** True for what takes part in set operators. */
function isSetLike(value) {
    return value instanceof PySet || (value instanceof PyView && value.kind !== 'values');
}
/** The set of an iterable's items; a set itself is given back, not copied. */
function toSet(evaluation, value) {
    if (value instanceof PySet)
        return value;
    const set = new PySet();
    for (const item of iterate(value))
        setAdd(evaluation, set, item);
    return set;
}
/** `a | b`, `a & b`, `a ^ b`, `a - b`. The result is a frozenset when `a` is one. */
function combineSets(evaluation, operator, a, b) {
    const left = toSet(evaluation, a);
    const right = toSet(evaluation, b);
    if (operator === '|') {
        const union = setCopy(evaluation, left, left.frozen);
        spend(evaluation, right.entries.size * 8);
        for (const [key, value] of right.entries)
            if (!union.entries.has(key))
                union.entries.set(key, value);
        return union;
    }
    const result = new PySet(left.frozen);
    spend(evaluation, (left.entries.size + right.entries.size) * 2);
    for (const [key, value] of left.entries) {
        if (right.entries.has(key) === (operator === '&'))
            result.entries.set(key, value);
    }
    if (operator === '^') {
        for (const [key, value] of right.entries)
            if (!left.entries.has(key))
                result.entries.set(key, value);
    }
    return result;
}
/** True when every item of `a` is in `b`. */
function isSubset(evaluation, a, b) {
    spend(evaluation, a.entries.size);
    if (a.entries.size > b.entries.size)
        return false;
    for (const key of a.entries.keys())
        if (!b.entries.has(key))
            return false;
    return true;
}

;// CONCATENATED MODULE: ./build/expression/comparison.js
// Truth, equality, identity, order and membership of values.








/** Python's `bool(value)`. */
function isTruthy(value) {
    switch (typeof value) {
        case 'boolean':
            return value;
        case 'number':
            return value !== 0;
        case 'string':
            return value.length > 0;
        case 'bigint':
            return value !== 0n;
        default:
    }
    if (value === null)
        return false;
    if (value instanceof PyList)
        return value.length > 0;
    if (value instanceof PyFloat)
        return value.value !== 0;
    if (value instanceof PyTuple)
        return value.items.length > 0;
    if (value instanceof PyDict || value instanceof PySet)
        return value.entries.size > 0;
    if (value instanceof PyRange)
        return value.length > 0;
    if (value instanceof PyView)
        return value.dict.entries.size > 0;
    return true;
}
/** `a is b`. Numbers and strings of equal type and value count as one object. */
function isSame(a, b) {
    if (a instanceof PyFloat && b instanceof PyFloat)
        return Object.is(a.value, b.value);
    if (a instanceof PyTuple && b instanceof PyTuple && a.items.length === 0 && b.items.length === 0)
        return true;
    return a === b;
}
function plainNumber(value) {
    if (value instanceof PyFloat)
        return value.value;
    return typeof value === 'boolean' ? (value ? 1 : 0) : value;
}
/** `a == b`. */
function equals(evaluation, a, b) {
    if (typeof a === 'string' && typeof b === 'string') {
        if (a.length > 1024)
            spend(evaluation, a.length >> 8);
        return a === b;
    }
    if (a === b)
        return true;
    if (typeof a === 'string' || typeof b === 'string' || a === null || b === null)
        return false;
    if (isNumeric(a)) {
        if (!isNumeric(b))
            return false;
        const x = plainNumber(a);
        const y = plainNumber(b);
        // Python compares int and float exactly, as JavaScript compares bigint and number.
        return x >= y && x <= y;
    }
    if (a instanceof PyList) {
        return b instanceof PyList && a.length === b.length && equalItems(evaluation, a.items, b.items, a.length);
    }
    if (a instanceof PyTuple) {
        if (!(b instanceof PyTuple) || a.items.length !== b.items.length)
            return false;
        return equalItems(evaluation, a.items, b.items, a.items.length);
    }
    if (a instanceof PyDict)
        return b instanceof PyDict && equalDicts(evaluation, a, b);
    if (isSetLike(a)) {
        if (!isSetLike(b))
            return false;
        const x = toSet(evaluation, a);
        const y = toSet(evaluation, b);
        return x.entries.size === y.entries.size && isSubset(evaluation, x, y);
    }
    if (a instanceof PyRange) {
        if (!(b instanceof PyRange) || a.length !== b.length)
            return false;
        return a.length === 0 || (a.start === b.start && (a.length === 1 || a.step === b.step));
    }
    return false;
}
function equalItems(evaluation, a, b, length) {
    enter(evaluation);
    let equal = true;
    for (let i = 0; i < length && equal; i++) {
        spend(evaluation, 1);
        equal = equals(evaluation, a[i], b[i]);
    }
    leave(evaluation);
    return equal;
}
function equalDicts(evaluation, a, b) {
    if (a.entries.size !== b.entries.size)
        return false;
    enter(evaluation);
    let equal = true;
    for (const [key, value] of a.entries) {
        spend(evaluation, 1);
        const other = b.entries.get(key);
        equal = other !== undefined && equals(evaluation, value, other);
        if (!equal)
            break;
    }
    leave(evaluation);
    return equal;
}
/** `a < b` and its like. Throws TypeError for values without an order. */
function compare(evaluation, order, a, b) {
    if (isNumeric(a) && isNumeric(b))
        return ordered(order, plainNumber(a), plainNumber(b));
    if (typeof a === 'string' && typeof b === 'string') {
        spend(evaluation, Math.min(a.length, b.length) >> 4);
        return ordered(order, compareText(a, b), 0);
    }
    if (a instanceof PyList && b instanceof PyList) {
        return compareItems(evaluation, order, a.items, a.length, b.items, b.length);
    }
    if (a instanceof PyTuple && b instanceof PyTuple) {
        return compareItems(evaluation, order, a.items, a.items.length, b.items, b.items.length);
    }
    if (isSetLike(a) && isSetLike(b)) {
        const smaller = toSet(evaluation, order === '<' || order === '<=' ? a : b);
        const larger = toSet(evaluation, order === '<' || order === '<=' ? b : a);
        const strict = order === '<' || order === '>';
        return isSubset(evaluation, smaller, larger) && !(strict && smaller.entries.size === larger.entries.size);
    }
    return errors_raise('TypeError', `'${order}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}
function ordered(order, x, y) {
    switch (order) {
        case '<':
            return x < y;
        case '<=':
            return x <= y;
        case '>':
            return x > y;
        case '>=':
            return x >= y;
        default:
            return order;
    }
}
function compareItems(evaluation, order, a, aLength, b, bLength) {
    enter(evaluation);
    let result = null;
    for (let i = 0; i < aLength && i < bLength && result === null; i++) {
        spend(evaluation, 1);
        if (!equals(evaluation, a[i], b[i]))
            result = compare(evaluation, order, a[i], b[i]);
    }
    leave(evaluation);
    return result ?? ordered(order, aLength, bLength);
}
/** `item in container`. */
function contains(evaluation, container, item) {
    if (container instanceof PyList)
        return hasItem(evaluation, container.items, container.length, item);
    if (typeof container === 'string') {
        if (typeof item !== 'string') {
            errors_raise('TypeError', `'in <string>' requires string as left operand, not ${typeName(item)}`);
        }
        spend(evaluation, container.length >> 4);
        return container.includes(item);
    }
    if (container instanceof PyDict)
        return container.entries.has(canonicalKey(evaluation, item));
    if (container instanceof PySet)
        return setHas(evaluation, container, item);
    if (container instanceof PyTuple)
        return hasItem(evaluation, container.items, container.items.length, item);
    if (container instanceof PyRange)
        return rangeIndex(container, item) !== null;
    if (container instanceof PyView)
        return viewContains(evaluation, container, item);
    if (container instanceof PyIterator || container instanceof PyHost) {
        for (const value of iterate(container)) {
            spend(evaluation, 1);
            if (equals(evaluation, value, item))
                return true;
        }
        return false;
    }
    return errors_raise('TypeError', `argument of type '${typeName(container)}' is not iterable`);
}
function hasItem(evaluation, items, length, item) {
    spend(evaluation, length >> 2);
    // Only the same text equals a text.
    if (typeof item === 'string' && item.length <= 1024) {
        for (let i = 0; i < length; i++)
            if (items[i] === item)
                return true;
        return false;
    }
    for (let i = 0; i < length; i++)
        if (items[i] === item || equals(evaluation, items[i], item))
            return true;
    return false;
}
function viewContains(evaluation, view, item) {
    if (view.kind === 'keys')
        return view.dict.entries.has(canonicalKey(evaluation, item));
    if (view.kind === 'values') {
        const values = [...view.dict.entries.values()];
        return hasItem(evaluation, values, values.length, item);
    }
    if (!(item instanceof PyTuple) || item.items.length !== 2)
        return false;
    const value = dictLookup(evaluation, view.dict, item.items[0]);
    return value !== undefined && equals(evaluation, value, item.items[1]);
}
/** Place of a number in a range, or null. */
function rangeIndex(range, item) {
    if (!isNumeric(item))
        return null;
    const value = isIntegral(item) ? asInt(item) : plainNumber(item);
    if (typeof value !== 'number' || !Number.isInteger(value))
        return null;
    const index = (value - range.start) / range.step;
    return Number.isInteger(index) && index >= 0 && index < range.length ? index + 0 : null;
}

;// CONCATENATED MODULE: ./build/expression/calls.js
// Calls: matching arguments to parameters, and calling what can be called.



/** Reads a signature in Python's notation: `sorted(iterable, /, *, key?, reverse?)`; `?` marks an optional one. */
function signature(text) {
    const open = text.indexOf('(');
    const parts = text
        .slice(open + 1, -1)
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
    const slash = parts.indexOf('/');
    const star = parts.indexOf('*');
    const names = parts.filter((part) => part !== '/' && part !== '*');
    return {
        name: text.slice(0, open),
        parameters: names.map((name) => name.replace('?', '')),
        required: names.filter((name) => !name.endsWith('?')).length,
        positional: star < 0 ? names.length : star - (slash >= 0 && slash < star ? 1 : 0),
        firstNamed: Math.max(slash, 0),
    };
}
/** Matches arguments to parameters. Throws TypeError as Python does for a wrong call. */
function bind(target, positional, named) {
    const { name, parameters } = target;
    if (positional.length > target.positional) {
        errors_raise('TypeError', `${name}() takes at most ${target.positional} positional arguments (${positional.length} given)`);
    }
    if (named === null || named.size === 0) {
        if (positional.length < target.required)
            missing(target, positional.length);
        return positional;
    }
    const bound = [...positional];
    for (const [key, value] of named) {
        const index = parameters.indexOf(key);
        if (index < target.firstNamed)
            errors_raise('TypeError', `${name}() got an unexpected keyword argument '${key}'`);
        if (bound[index] !== undefined)
            errors_raise('TypeError', `${name}() got multiple values for argument '${key}'`);
        bound[index] = value;
    }
    for (let i = 0; i < target.required; i++)
        if (bound[i] === undefined)
            missing(target, i);
    return bound;
}
function missing(target, index) {
    return errors_raise('TypeError', `${target.name}() missing required argument: '${target.parameters[index]}'`);
}
/** A builtin function from its signature and its work on bound arguments. */
function builtin(text, run) {
    const target = signature(text);
    const body = (evaluation, positional, named) => run(evaluation, bind(target, positional, named));
    noteSignature(body, target);
    return new PyFunction(target.name, body);
}
const SIGNATURES = new WeakMap();
/** The parameters of a builtin's or a method's body; undefined when the body looks at its arguments itself. */
function signatureOf(body) {
    return SIGNATURES.get(body);
}
/** Remembers a body's parameters, so that calls of it can be checked before they run. */
function noteSignature(body, target) {
    SIGNATURES.set(body, target);
}
/** Refuses arguments given by name. */
function refuseNamed(name, named) {
    if (named !== null && named.size > 0)
        errors_raise('TypeError', `${name}() takes no keyword arguments`);
}
/** Refuses names other than the given ones. */
function admitNamed(name, named, known) {
    for (const key of named?.keys() ?? []) {
        if (!known.includes(key))
            errors_raise('TypeError', `${name}() got an unexpected keyword argument '${key}'`);
    }
}
/** Calls a value. Throws TypeError when it cannot be called. */
function callFunction(evaluation, callee, positional, named = null) {
    spend(evaluation, 1);
    const body = bodyOf(callee);
    enter(evaluation);
    const result = body(evaluation, positional, named);
    leave(evaluation);
    return result;
}
function bodyOf(callee) {
    if (callee instanceof PyFunction || callee instanceof PyType)
        return callee.body;
    if (callee instanceof PyHost && callee.call !== undefined)
        return callee.call.bind(callee);
    return errors_raise('TypeError', `'${typeName(callee)}' object is not callable`);
}

;// CONCATENATED MODULE: ./build/expression/method.js
// What a method of a type is. Tables of them are Maps: a method name never reaches a host object.

/** A table from methods with signatures (`index(item, start?, stop?)`), each with its work on bound arguments. */
function methodTable(entries) {
    const table = new Map();
    for (const [text, run] of Object.entries(entries)) {
        const target = signature(text);
        const method = (evaluation, self, positional, named) => run(evaluation, self, ...bind(target, positional, named));
        noteSignature(method, target);
        table.set(target.name, method);
    }
    return table;
}

;// CONCATENATED MODULE: ./build/expression/dict-methods.js
// The methods of `dict` and of sets.









/** What `dict(...)` and `update(...)` do: a mapping or pairs first, then the named entries. */
function dictUpdate(evaluation, dict, positional, named) {
    if (positional.length > 1)
        errors_raise('TypeError', `update expected at most 1 argument, got ${positional.length}`);
    const [source] = positional;
    if (source instanceof PyDict)
        dictMerge(evaluation, dict, source);
    else if (source !== undefined)
        updateFromPairs(evaluation, dict, source);
    for (const [key, value] of named ?? [])
        dictSet(evaluation, dict, key, value);
}
function updateFromPairs(evaluation, dict, pairs) {
    let index = 0;
    for (const pair of iterate(pairs)) {
        if (!isIterable(pair)) {
            errors_raise('TypeError', `cannot convert dictionary update sequence element #${index} to a sequence`);
        }
        const items = toItems(evaluation, pair);
        if (items.length !== 2) {
            errors_raise('ValueError', `dictionary update sequence element #${index} has length ${items.length}; 2 is required`);
        }
        dictSet(evaluation, dict, items[0], items[1]);
        index++;
    }
}
const update = (evaluation, self, positional, named) => {
    dictUpdate(evaluation, self, positional, named);
    return null;
};
/** `dict.fromkeys(keys, value)`. */
function dictFromKeys(evaluation, keys, value) {
    const dict = new PyDict();
    for (const key of iterate(keys))
        dictSet(evaluation, dict, key, value);
    return dict;
}
/** The methods of `dict`. */
const DICT_METHODS = methodTable({
    'get(key, default?, /)': (evaluation, self, key, missing) => {
        // None is a value like any other: only undefined means absent.
        const value = dictLookup(evaluation, self, key);
        return value !== undefined ? value : (missing ?? null);
    },
    'keys()': (_evaluation, self) => new PyView(self, 'keys'),
    'values()': (_evaluation, self) => new PyView(self, 'values'),
    'items()': (_evaluation, self) => new PyView(self, 'items'),
    'copy()': (evaluation, self) => dictCopy(evaluation, self),
    'clear()': (_evaluation, self) => {
        self.entries.clear();
        self.originals = null;
        return null;
    },
    'pop(key, default?, /)': (evaluation, self, key, missing) => {
        const value = dictDelete(evaluation, self, key);
        if (value !== undefined)
            return value;
        return missing !== undefined ? missing : errors_raise('KeyError', pyRepr(evaluation, key));
    },
    'popitem()': (evaluation, self) => {
        spend(evaluation, self.entries.size >> 3);
        const key = [...self.entries.keys()].at(-1);
        if (key === undefined)
            return errors_raise('KeyError', "'popitem(): dictionary is empty'");
        const original = originalKey(self, key);
        return new PyTuple([original, dictDelete(evaluation, self, original) ?? null]);
    },
    'setdefault(key, default?, /)': (evaluation, self, key, missing) => {
        const value = dictLookup(evaluation, self, key);
        if (value !== undefined)
            return value;
        dictSet(evaluation, self, key, missing ?? null);
        return missing ?? null;
    },
    'fromkeys(iterable, value?, /)': (evaluation, _self, keys, value) => dictFromKeys(evaluation, keys, value ?? null),
}).set('update', update);
// A method over any number of other iterables, folded from the left. Results are of the receiver's kind.
function folded(name, step) {
    return [
        name,
        (evaluation, self, positional, named) => {
            refuseNamed(name, named);
            let result = setCopy(evaluation, self, self.frozen);
            for (const other of positional)
                result = step(evaluation, result, toSet(evaluation, other));
            return result;
        },
    ];
}
const SHARED_SET_METHODS = new Map([
    ...methodTable({
        'symmetric_difference(other, /)': (evaluation, self, other) => combineSets(evaluation, '^', self, toSet(evaluation, other)),
        'issubset(other, /)': (evaluation, self, other) => isSubset(evaluation, self, toSet(evaluation, other)),
        'issuperset(other, /)': (evaluation, self, other) => isSubset(evaluation, toSet(evaluation, other), self),
        'isdisjoint(other, /)': (evaluation, self, other) => combineSets(evaluation, '&', self, toSet(evaluation, other)).entries.size === 0,
        'copy()': (evaluation, self) => setCopy(evaluation, self, self.frozen),
    }),
    folded('union', (evaluation, set, other) => combineSets(evaluation, '|', set, other)),
    folded('intersection', (evaluation, set, other) => combineSets(evaluation, '&', set, other)),
    folded('difference', (evaluation, set, other) => combineSets(evaluation, '-', set, other)),
]);
/** The methods of `frozenset`. */
const FROZEN_SET_METHODS = SHARED_SET_METHODS;
// An in-place method keeps the set and takes the entries of the result.
function inPlace(name, operator) {
    return [
        name,
        (evaluation, self, positional, named) => {
            refuseNamed(name, named);
            let result = self;
            for (const other of positional)
                result = combineSets(evaluation, operator, result, toSet(evaluation, other));
            const entries = [...result.entries];
            self.entries.clear();
            for (const [key, value] of entries)
                self.entries.set(key, value);
            return null;
        },
    ];
}
/** The methods of `set`. */
const SET_METHODS = new Map([
    ...SHARED_SET_METHODS,
    ...methodTable({
        'add(element, /)': (evaluation, self, item) => {
            setAdd(evaluation, self, item);
            return null;
        },
        'discard(element, /)': (evaluation, self, item) => {
            self.entries.delete(memberKey(evaluation, item));
            return null;
        },
        'remove(element, /)': (evaluation, self, item) => {
            if (!self.entries.delete(memberKey(evaluation, item)))
                errors_raise('KeyError', pyRepr(evaluation, item));
            return null;
        },
        'pop()': (_evaluation, self) => {
            for (const [key, value] of self.entries) {
                self.entries.delete(key);
                return value;
            }
            return errors_raise('KeyError', "'pop from an empty set'");
        },
        'clear()': (_evaluation, self) => {
            self.entries.clear();
            return null;
        },
    }),
    inPlace('update', '|'),
    inPlace('intersection_update', '&'),
    inPlace('difference_update', '-'),
    inPlace('symmetric_difference_update', '^'),
]);
// Python looks a set up in a set as its frozenset.
function memberKey(evaluation, value) {
    return canonicalKey(evaluation, value instanceof PySet ? setCopy(evaluation, value, true) : value);
}
/** The methods of dict views: those of sets, for keys and items. */
const VIEW_METHODS = methodTable({
    'isdisjoint(other, /)': (evaluation, self, other) => {
        if (self.kind === 'values')
            errors_raise('AttributeError', `'${typeName(self)}' object has no attribute 'isdisjoint'`);
        return combineSets(evaluation, '&', self, toSet(evaluation, other)).entries.size === 0;
    },
});

;// CONCATENATED MODULE: ./build/expression/indexing.js
// Subscripts and slices: `xs[0]`, `d['k']`, `s[::-1]`. Reading only; nothing is assigned through a subscript.






/** `container[index]`. */
function getItem(evaluation, container, index) {
    if (container instanceof PyList) {
        if (index instanceof PySlice) {
            return new PyList(sliceItems(evaluation, container.items, container.length, index));
        }
        return container.items[position(index, container.length, 'list')];
    }
    if (container instanceof PyDict) {
        const value = dictLookup(evaluation, container, index);
        return value !== undefined ? value : errors_raise('KeyError', pyRepr(evaluation, index));
    }
    if (typeof container === 'string')
        return textItem(evaluation, container, index);
    if (container instanceof PyTuple) {
        const { items } = container;
        if (index instanceof PySlice)
            return new PyTuple(sliceItems(evaluation, items, items.length, index));
        return items[position(index, items.length, 'tuple')];
    }
    if (container instanceof PyRange)
        return rangeItem(container, index);
    if (container instanceof PyHost && typeof index === 'string') {
        const value = container.attribute(index);
        if (value !== undefined)
            return value;
    }
    return errors_raise('TypeError', `'${typeName(container)}' object is not subscriptable`);
}
function position(index, length, what) {
    if (!isIntegral(index))
        errors_raise('TypeError', `${what} indices must be integers or slices, not ${typeName(index)}`);
    const int = asInt(index);
    if (typeof int === 'bigint')
        errors_raise('IndexError', "cannot fit 'int' into an index-sized integer");
    const place = int < 0 ? int + length : int;
    if (place < 0 || place >= length) {
        errors_raise('IndexError', what === 'range' ? 'range object index out of range' : `${what} index out of range`);
    }
    return place;
}
function textItem(evaluation, text, index) {
    if (hasSurrogates(text)) {
        spend(evaluation, text.length >> 2);
        const parts = characters(text);
        if (index instanceof PySlice)
            return sliceItems(evaluation, parts, parts.length, index).join('');
        return parts[position(index, parts.length, 'string')];
    }
    if (!(index instanceof PySlice))
        return text.charAt(position(index, text.length, 'string'));
    const { start, stop, step, count } = sliceBounds(index, text.length);
    spend(evaluation, count >> 4);
    if (step === 1)
        return text.slice(start, Math.max(start, stop));
    spend(evaluation, count);
    let result = '';
    for (let i = 0, at = start; i < count; i++, at += step)
        result += text.charAt(at);
    return result;
}
function rangeItem(range, index) {
    if (!(index instanceof PySlice))
        return range.start + position(index, range.length, 'range') * range.step;
    const { start, stop, step, count } = sliceBounds(index, range.length);
    return new PyRange(range.start + start * range.step, range.start + stop * range.step, range.step * step, count);
}
/** Bounds of a slice over `length` items. Throws ValueError for step 0. */
function sliceBounds(slice, length) {
    const step = slicePart(slice.step) ?? 1;
    if (step === 0)
        errors_raise('ValueError', 'slice step cannot be zero');
    const low = step < 0 ? -1 : 0;
    const high = step < 0 ? length - 1 : length;
    const start = clamp(slicePart(slice.start), step < 0 ? high : low, length, low, high);
    const stop = clamp(slicePart(slice.stop), step < 0 ? low : high, length, low, high);
    const distance = step > 0 ? stop - start : start - stop;
    return { start, stop, step, count: distance > 0 ? Math.floor((distance - 1) / Math.abs(step)) + 1 : 0 };
}
function clamp(value, missing, length, low, high) {
    if (value === null)
        return missing;
    return value < 0 ? Math.max(value + length, low) : Math.min(value, high);
}
function slicePart(value) {
    if (value === null)
        return null;
    if (!isIntegral(value))
        errors_raise('TypeError', 'slice indices must be integers or None or have an __index__ method');
    const int = asInt(value);
    if (typeof int === 'number')
        return int;
    return int > 0n ? Number.MAX_SAFE_INTEGER : -Number.MAX_SAFE_INTEGER;
}
function sliceItems(evaluation, items, length, slice) {
    const { start, stop, step, count } = sliceBounds(slice, length);
    admitItems(evaluation, count);
    if (step === 1)
        return items.slice(start, Math.max(start, stop));
    const result = [];
    for (let i = 0, at = start; i < count; i++, at += step)
        result.push(items[at]);
    return result;
}

;// CONCATENATED MODULE: ./build/expression/list-methods.js
// The methods of `list`, `tuple` and `range`. In-place methods first make a shared list's items its own.










/** Prepares a list for a change in place: afterwards its array is its own and ends where the list ends. */
function own(list) {
    if (list.shared || list.items.length !== list.length) {
        list.items = list.items.slice(0, list.length);
        list.shared = false;
    }
    return list.items;
}
function place(value) {
    if (!isIntegral(value)) {
        return errors_raise('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
    }
    return Number(asInt(value));
}
function indexOf(evaluation, items, length, item, start, stop) {
    const bounds = sliceBounds(new PySlice(start ?? null, stop ?? null, null), length);
    for (let i = bounds.start; i < bounds.stop; i++) {
        spend(evaluation, 1);
        if (equals(evaluation, items[i], item))
            return i;
    }
    return -1;
}
function count(evaluation, items, length, item) {
    spend(evaluation, length);
    let found = 0;
    for (let i = 0; i < length; i++)
        if (equals(evaluation, items[i], item))
            found++;
    return found;
}
/** The items in order, stable; `key` is a function or null. */
function sortItems(evaluation, items, key, reverse) {
    spend(evaluation, items.length * 4);
    const keys = key === null ? items : items.map((item) => callFunction(evaluation, key, [item]));
    const order = items.map((_, i) => i);
    order.sort((i, j) => {
        spend(evaluation, 1);
        const a = keys[i];
        const b = keys[j];
        if (compare(evaluation, '<', reverse ? b : a, reverse ? a : b))
            return -1;
        if (compare(evaluation, '<', reverse ? a : b, reverse ? b : a))
            return 1;
        return i - j;
    });
    return order.map((i) => items[i]);
}
/** The methods of `list`. */
const LIST_METHODS = methodTable({
    'append(object, /)': (evaluation, self, item) => {
        admitGrowth(evaluation, self, 1);
        own(self).push(item);
        self.length++;
        return null;
    },
    'extend(iterable, /)': (evaluation, self, iterable) => {
        const items = toItems(evaluation, iterable);
        admitGrowth(evaluation, self, items.length);
        const target = own(self);
        for (const item of items)
            target.push(item);
        self.length = target.length;
        return null;
    },
    'insert(index, object, /)': (evaluation, self, index, item) => {
        admitGrowth(evaluation, self, 1);
        spend(evaluation, self.length >> 3);
        own(self).splice(place(index), 0, item);
        self.length++;
        return null;
    },
    'pop(index?, /)': (evaluation, self, index) => {
        if (self.length === 0)
            errors_raise('IndexError', 'pop from empty list');
        const wanted = index === undefined ? -1 : place(index);
        const at = wanted < 0 ? wanted + self.length : wanted;
        if (at < 0 || at >= self.length)
            errors_raise('IndexError', 'pop index out of range');
        spend(evaluation, self.length >> 3);
        const [item] = own(self).splice(at, 1);
        self.length--;
        return item;
    },
    'remove(value, /)': (evaluation, self, item) => {
        const at = indexOf(evaluation, self.items, self.length, item, undefined, undefined);
        if (at < 0)
            errors_raise('ValueError', 'list.remove(x): x not in list');
        own(self).splice(at, 1);
        self.length--;
        return null;
    },
    'clear()': (_evaluation, self) => {
        self.items = [];
        self.length = 0;
        self.shared = false;
        return null;
    },
    'sort(*, key?, reverse?)': (evaluation, self, key, reverse) => {
        self.items = sortItems(evaluation, own(self), key ?? null, isTruthy(reverse ?? false));
        self.length = self.items.length;
        return null;
    },
    'reverse()': (evaluation, self) => {
        spend(evaluation, self.length);
        own(self).reverse();
        return null;
    },
    'index(value, start?, stop?, /)': (evaluation, self, item, start, stop) => {
        const at = indexOf(evaluation, self.items, self.length, item, start, stop);
        return at < 0 ? errors_raise('ValueError', `${pyRepr(evaluation, item)} is not in list`) : at;
    },
    'count(value, /)': (evaluation, self, item) => count(evaluation, self.items, self.length, item),
    'copy()': (evaluation, self) => new PyList(toItems(evaluation, self)),
});
function admitGrowth(evaluation, list, by) {
    spend(evaluation, by);
    if (list.length + by > evaluation.limits.collection)
        admitItems(evaluation, list.length + by);
}
/** The methods of `tuple`. */
const TUPLE_METHODS = methodTable({
    'index(value, start?, stop?, /)': (evaluation, self, item, start, stop) => {
        const at = indexOf(evaluation, self.items, self.items.length, item, start, stop);
        return at < 0 ? errors_raise('ValueError', 'tuple.index(x): x not in tuple') : at;
    },
    'count(value, /)': (evaluation, self, item) => count(evaluation, self.items, self.items.length, item),
});
/** The methods of `range`. */
const RANGE_METHODS = methodTable({
    'index(value, /)': (evaluation, self, item) => {
        const at = rangeIndex(self, item);
        return at ?? errors_raise('ValueError', `${pyRepr(evaluation, item)} is not in range`);
    },
    'count(value, /)': (evaluation, self, item) => (contains(evaluation, self, item) ? 1 : 0),
});

;// CONCATENATED MODULE: ./build/expression/number-methods.js
// The few methods of numbers that expressions use.




/** The methods of `int` and `bool`. */
const INT_METHODS = methodTable({
    'bit_length()': (_evaluation, self) => {
        const int = BigInt(self);
        return bitLength(int < 0n ? -int : int);
    },
    'bit_count()': (_evaluation, self) => {
        const int = BigInt(self);
        return [...(int < 0n ? -int : int).toString(2)].filter((bit) => bit === '1').length;
    },
    'conjugate()': (_evaluation, self) => (typeof self === 'boolean' ? Number(self) : self),
    'as_integer_ratio()': (_evaluation, self) => new PyTuple([typeof self === 'boolean' ? Number(self) : self, 1]),
});
/** The methods of `float`. */
const FLOAT_METHODS = methodTable({
    'is_integer()': (_evaluation, self) => self instanceof PyFloat,
    'conjugate()': (_evaluation, self) => self,
    'as_integer_ratio()': (_evaluation, self) => ratio(self),
});
function ratio(self) {
    let x = asDouble(self);
    if (Number.isNaN(x))
        errors_raise('ValueError', 'cannot convert NaN to integer ratio');
    if (!Number.isFinite(x))
        errors_raise('OverflowError', 'cannot convert Infinity to integer ratio');
    let power = 0n;
    while (!Number.isInteger(x)) {
        x *= 2;
        power++;
    }
    return new PyTuple([values_makeInt(BigInt(x)), values_makeInt(1n << power)]);
}

;// CONCATENATED MODULE: ./build/expression/convert.js
// Conversions between numbers and text as `int()`, `float()` and `round()` make them.






const SPACE_CODES = new Set([
    9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
    0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]);
/** True for a UTF-16 code that Python's `str.isspace` accepts. */
function isSpaceCode(code) {
    return SPACE_CODES.has(code);
}
/** Removes white space at the start, the end, or both. */
function stripSpace(text, side = 'both') {
    let start = 0;
    let end = text.length;
    if (side !== 'right')
        while (start < end && isSpaceCode(text.charCodeAt(start)))
            start++;
    if (side !== 'left')
        while (end > start && isSpaceCode(text.charCodeAt(end - 1)))
            end--;
    return text.slice(start, end);
}
/** `int(number)`: cuts a float's fraction. Throws ValueError for nan, OverflowError for inf. */
function toInteger(value) {
    if (isIntegral(value))
        return asInt(value);
    if (!isFloat(value)) {
        const expected = 'int() argument must be a string, a bytes-like object or a real number';
        return errors_raise('TypeError', `${expected}, not '${typeName(value)}'`);
    }
    const x = asDouble(value);
    if (Number.isNaN(x))
        errors_raise('ValueError', 'cannot convert float NaN to integer');
    if (!Number.isFinite(x))
        errors_raise('OverflowError', 'cannot convert float infinity to integer');
    const whole = Math.trunc(x);
    return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
}
// Digits of every script count in Python; each block of ten begins with its zero.
function asciiDigits(text) {
    if (!/[^\0-\x7f]/.test(text))
        return text;
    return text.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
}
/** Value of a decimal digit of any script. */
function digitValue(digit) {
    const code = digit.codePointAt(0) ?? 0;
    if (code >= 0x1d7ce && code <= 0x1d7ff)
        return (code - 0x1d7ce) % 10;
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1)))
        zero--;
    return code - zero;
}
// The number of a text of one to nine plain digits, else -1.
function plainDigits(text) {
    const { length } = text;
    if (length === 0 || length > 9)
        return -1;
    let value = 0;
    for (let i = 0; i < length; i++) {
        const digit = text.charCodeAt(i) - 48;
        if (digit < 0 || digit > 9)
            return -1;
        value = value * 10 + digit;
    }
    return value;
}
/** `int(text, base)`. */
function parseInteger(evaluation, text, base) {
    const plain = base === 10 ? plainDigits(text) : -1;
    if (plain >= 0)
        return plain;
    const bad = () => errors_raise('ValueError', `invalid literal for int() with base ${base}: ${textRepr(text)}`);
    let digits = asciiDigits(stripSpace(text));
    const negative = digits.startsWith('-');
    if (negative || digits.startsWith('+'))
        digits = digits.slice(1);
    const prefix = /^0([xXoObB])_?/.exec(digits);
    const prefixBase = prefix === null ? 0 : prefix[1].toLowerCase() === 'x' ? 16 : prefix[1].toLowerCase() === 'o' ? 8 : 2;
    let radix = base;
    if (prefix !== null && (base === 0 || base === prefixBase)) {
        radix = prefixBase;
        digits = digits.slice(prefix[0].length);
    }
    else if (base === 0) {
        radix = 10;
        if (/^0[0-9_]*[1-9]/.test(digits))
            bad();
    }
    if (!/^[0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*$/.test(digits))
        bad();
    digits = digits.replaceAll('_', '');
    if (digits.length > 4300 && (radix & (radix - 1)) !== 0) {
        errors_raise('ValueError', `Exceeds the limit (4300 digits) for integer string conversion: value has ${digits.length} digits`);
    }
    spend(evaluation, digits.length);
    const bits = digits.length * (32 - Math.clz32(radix - 1));
    const { integerBits } = evaluation.limits;
    if (bits > integerBits)
        raiseLimit(`an integer of about ${bits} bits (limit ${integerBits})`);
    spendSquare(evaluation, bits);
    let small = 0;
    let big = 0n;
    const exact = digits.length <= 10;
    for (const character of digits) {
        const digit = Number.parseInt(character, 36);
        if (digit >= radix)
            bad();
        if (exact)
            small = small * radix + digit;
        else if (radix !== 10)
            big = big * BigInt(radix) + BigInt(digit);
    }
    // JavaScript reads decimal digits faster than any loop.
    if (!exact && radix === 10)
        big = BigInt(digits);
    if (!exact)
        return values_makeInt(negative ? -big : big);
    return Number.isSafeInteger(small) ? (negative ? 0 - small : small) : parseBig(digits, radix, negative);
}
function parseBig(digits, radix, negative) {
    let big = 0n;
    for (const character of digits)
        big = big * BigInt(radix) + BigInt(Number.parseInt(character, 36));
    return values_makeInt(negative ? -big : big);
}
const FLOAT = /^[+-]?(?:(?:[0-9](?:_?[0-9])*)(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const NON_FINITE = /^([+-]?)(inf(?:inity)?|nan)$/i;
/** `float(text)`. */
function parseFloatText(text) {
    const digits = asciiDigits(stripSpace(text));
    const special = NON_FINITE.exec(digits);
    if (special !== null) {
        if (special[2].toLowerCase() === 'nan')
            return Number.NaN;
        return special[1] === '-' ? -Infinity : Infinity;
    }
    if (!FLOAT.test(digits))
        errors_raise('ValueError', `could not convert string to float: ${textRepr(text)}`);
    return makeFloat(Number(digits.replaceAll('_', '')));
}
/** `round(value)` and `round(value, digits)`: half to even, on the exact decimal value. */
function roundValue(evaluation, value, digits) {
    if (!isNumeric(value))
        return errors_raise('TypeError', `type ${typeName(value)} doesn't define __round__ method`);
    if (digits !== null && !isIntegral(digits)) {
        return errors_raise('TypeError', `'${typeName(digits)}' object cannot be interpreted as an integer`);
    }
    const places = digits === null ? null : Number(asInt(digits));
    // Rounding goes through decimal text of that many places.
    if (places !== null)
        spend(evaluation, Math.min(Math.abs(places), 10_000));
    if (!isFloat(value))
        return roundInteger(asInt(value), places);
    const x = asDouble(value);
    return places === null ? roundToInteger(x) : makeFloat(roundToPlaces(x, places));
}
function roundInteger(int, places) {
    if (places === null || places >= 0)
        return int;
    // An int of the limit's size has fewer than 10,000 digits: beyond, everything rounds to 0.
    if (places < -10_000)
        return 0;
    const unit = 10n ** BigInt(-places);
    const size = BigInt(int) < 0n ? -BigInt(int) : BigInt(int);
    const quotient = size / unit;
    const twice = (size % unit) * 2n;
    const rounded = (quotient + (twice > unit || (twice === unit && (quotient & 1n) === 1n) ? 1n : 0n)) * unit;
    return values_makeInt(int < 0 ? -rounded : rounded);
}
function roundToInteger(x) {
    if (!Number.isFinite(x))
        return toInteger(x);
    let rounded = Math.abs(x) >= 2 ** 52 ? x : Math.round(x);
    if (Math.abs(x % 1) === 0.5 && rounded % 2 !== 0)
        rounded -= 1;
    return toInteger(makeFloat(rounded));
}
function roundToPlaces(x, places) {
    if (!Number.isFinite(x) || x === 0 || places > 323)
        return x;
    if (places < -308)
        return x * 0;
    const size = Math.abs(x);
    const rounded = places >= 0
        ? Number(fixedText(size, places))
        : Number(scaledInteger(size, places) * 10n ** BigInt(-places));
    if (!Number.isFinite(rounded))
        errors_raise('OverflowError', 'rounded value too large to represent');
    return x < 0 ? -rounded : rounded;
}
/** `float(value)`. */
function toFloat(value) {
    if (typeof value === 'string')
        return parseFloatText(value);
    if (value instanceof PyFloat)
        return value;
    if (!isNumeric(value)) {
        return errors_raise('TypeError', `float() argument must be a string or a real number, not '${typeName(value)}'`);
    }
    return isFloat(value) ? value : makeFloat(asDouble(value));
}

;// CONCATENATED MODULE: ./build/expression/format.js
// Python's format mini-language: `format(value, spec)` and the part after `:` in f-strings.






/** `str`, `repr` or `ascii` of a value. */
function convertText(evaluation, value, conversion) {
    if (conversion === 's')
        return pyStr(evaluation, value);
    const text = pyRepr(evaluation, value);
    return conversion === 'a' ? escapeNonAscii(text) : text;
}
const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?([0-9]+)?([,_])?(?:\.([0-9]+))?([a-zA-Z%])?$/su;
/** Python's `format(value, spec)`. Throws ValueError for a spec the value does not take. */
function formatValue(evaluation, value, spec) {
    if (spec === '')
        return pyStr(evaluation, value);
    if (!isNumeric(value) && typeof value !== 'string') {
        return errors_raise('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`);
    }
    const parsed = parseSpec(evaluation, value, spec);
    spend(evaluation, (parsed.width >> 4) + (parsed.precision > 0 ? parsed.precision >> 1 : 0));
    if (typeof value === 'string')
        return formatText(value, parsed);
    if (!isFloat(value) && (parsed.type === '' || 'bcdoxXn'.includes(parsed.type))) {
        return formatInteger(evaluation, asInt(value), parsed);
    }
    // Large numbers go through big integers.
    if (Math.abs(asDouble(value)) >= 1e21)
        spend(evaluation, 128);
    return formatFloat(value, parsed);
}
function parseSpec(evaluation, value, spec) {
    const match = SPEC.exec(spec);
    if (match === null) {
        return errors_raise('ValueError', `Invalid format specifier '${spec}' for object of type '${typeName(value)}'`);
    }
    const [, fill, align, sign, z, alternate, zero, width, grouping, precision, type] = match;
    const { formatWidth, formatPrecision } = evaluation.limits;
    if (Number(width ?? 0) > formatWidth)
        raiseLimit(`a format width of ${width} (limit ${formatWidth})`);
    if (Number(precision ?? 0) > formatPrecision)
        raiseLimit(`a format precision of ${precision} (limit ${formatPrecision})`);
    // A zero before the width pads after the sign, unless the author chose an alignment.
    const zeroPads = zero !== undefined && align === undefined && typeof value !== 'string';
    return {
        fill: fill ?? (zero === undefined ? ' ' : '0'),
        align: align ?? (zeroPads ? '=' : null),
        sign: sign ?? '',
        noNegativeZero: z !== undefined,
        alternate: alternate !== undefined,
        width: Number(width ?? 0),
        grouping: grouping ?? '',
        precision: precision === undefined ? -1 : Number(precision),
        type: type ?? '',
    };
}
function unknownCode(spec, value) {
    return errors_raise('ValueError', `Unknown format code '${spec.type}' for object of type '${typeName(value)}'`);
}
function pad(prefix, body, spec, natural) {
    const missing = spec.width - codePointLength(prefix) - codePointLength(body);
    if (missing <= 0)
        return prefix + body;
    switch (spec.align ?? natural) {
        case '<':
            return prefix + body + spec.fill.repeat(missing);
        case '>':
            return spec.fill.repeat(missing) + prefix + body;
        case '^': {
            const left = missing >> 1;
            return spec.fill.repeat(left) + prefix + body + spec.fill.repeat(missing - left);
        }
        default:
            return prefix + spec.fill.repeat(missing) + body;
    }
}
function formatText(text, spec) {
    if (spec.type !== '' && spec.type !== 's')
        unknownCode(spec, text);
    if (spec.sign !== '')
        errors_raise('ValueError', 'Sign not allowed in string format specifier');
    if (spec.noNegativeZero)
        errors_raise('ValueError', 'Negative zero coercion (z) not allowed in string format specifier');
    if (spec.alternate)
        errors_raise('ValueError', 'Alternate form (#) not allowed in string format specifier');
    if (spec.grouping !== '')
        errors_raise('ValueError', `Cannot specify '${spec.grouping}' with 's'.`);
    if (spec.align === '=')
        errors_raise('ValueError', "'=' alignment not allowed in string format specifier");
    const cut = spec.precision < 0 ? text : characters(text).slice(0, spec.precision).join('');
    return pad('', cut, spec, '<');
}
const BASES = new Map([
    ['b', 2],
    ['o', 8],
    ['x', 16],
    ['X', 16],
]);
function formatInteger(evaluation, int, spec) {
    if (spec.precision >= 0)
        errors_raise('ValueError', 'Precision not allowed in integer format specifier');
    if (spec.noNegativeZero)
        errors_raise('ValueError', 'Negative zero coercion (z) not allowed in format specifier with integer');
    if (spec.type === 'c')
        return formatCharacter(int, spec);
    const base = BASES.get(spec.type) ?? 10;
    if (spec.grouping === ',' && base !== 10)
        errors_raise('ValueError', `Cannot specify ',' with '${spec.type}'.`);
    if (spec.grouping !== '' && spec.type === 'n')
        errors_raise('ValueError', `Cannot specify '${spec.grouping}' with 'n'.`);
    const negative = int < 0;
    const size = typeof int === 'bigint' ? (negative ? -int : int) : Math.abs(int);
    let digits = base === 10 && typeof size === 'bigint' ? bigText(evaluation, size) : size.toString(base);
    let prefix = spec.alternate && base !== 10 ? `0${spec.type}` : '';
    if (spec.type === 'X') {
        digits = digits.toUpperCase();
        prefix = prefix.toUpperCase();
    }
    return padNumber(signOf(negative, spec) + prefix, digits, '', base === 10 ? 3 : 4, spec);
}
function formatCharacter(int, spec) {
    if (spec.sign !== '')
        errors_raise('ValueError', "Sign not allowed with integer format specifier 'c'");
    if (spec.alternate)
        errors_raise('ValueError', "Alternate form (#) not allowed with integer format specifier 'c'");
    if (spec.grouping !== '')
        errors_raise('ValueError', `Cannot specify '${spec.grouping}' with 'c'.`);
    if (int < 0 || int > 0x10ffff)
        errors_raise('OverflowError', '%c arg not in range(0x110000)');
    return pad('', String.fromCodePoint(Number(int)), spec, '>');
}
function signOf(negative, spec) {
    return negative ? '-' : spec.sign === '-' ? '' : spec.sign;
}
function formatFloat(value, spec) {
    if (spec.type !== '' && !'eEfFgG%n'.includes(spec.type))
        unknownCode(spec, value);
    if (spec.grouping !== '' && spec.type === 'n')
        errors_raise('ValueError', `Cannot specify '${spec.grouping}' with 'n'.`);
    const x = asDouble(value);
    let negative = x < 0 || Object.is(x, -0);
    let body = Number.isFinite(x) ? floatBody(Math.abs(x), spec) : nonFiniteBody(x, spec);
    if (spec.type === 'E' || spec.type === 'F' || spec.type === 'G')
        body = body.toUpperCase();
    if (spec.noNegativeZero && negative && /^[0.]*(?:[eE].*)?%?$/.test(body))
        negative = false;
    const whole = /^[0-9]*/.exec(body)?.[0] ?? '';
    return padNumber(signOf(negative, spec), whole, body.slice(whole.length), 3, spec);
}
function nonFiniteBody(x, spec) {
    return (Number.isNaN(x) ? 'nan' : 'inf') + (spec.type === '%' ? '%' : '');
}
function floatBody(x, spec) {
    const precision = spec.precision < 0 ? 6 : spec.precision;
    let body;
    switch (spec.type) {
        case 'f':
        case 'F':
            body = fixedText(x, precision);
            break;
        case 'e':
        case 'E':
            body = exponentText(x, precision);
            break;
        case '%':
            body = percentBody(x, precision);
            break;
        case '':
            body = spec.precision < 0 ? floatRepr(x) : generalText(x, precision, spec.alternate, true);
            break;
        default:
            body = generalText(x, precision, spec.alternate, false);
    }
    return spec.alternate && !body.includes('.') ? body.replace(/^[0-9]+/, (digits) => `${digits}.`) : body;
}
function percentBody(x, precision) {
    const scaled = x * 100;
    return `${Number.isFinite(scaled) ? fixedText(scaled, precision) : 'inf'}%`;
}
function padNumber(prefix, digits, rest, size, spec) {
    if (spec.grouping === '' || digits === '')
        return pad(prefix, digits + rest, spec, '>');
    if (spec.fill !== '0' || spec.align !== '=') {
        return pad(prefix, group(digits, spec.grouping, size) + rest, spec, '>');
    }
    // Zeros that fill the width are grouped too.
    const room = spec.width - prefix.length - rest.length;
    const zeros = Math.max(0, room - digits.length - Math.floor(room / (size + 1)));
    let text = group('0'.repeat(zeros) + digits, spec.grouping, size);
    if (text.length < room)
        text = group(`${'0'.repeat(zeros + 1)}${digits}`, spec.grouping, size);
    return prefix + text + rest;
}
function group(digits, separator, size) {
    const parts = [];
    for (let end = digits.length; end > 0; end -= size)
        parts.unshift(digits.slice(Math.max(0, end - size), end));
    return parts.join(separator);
}
/** Text of one f-string field. */
function formatField(evaluation, value, conversion, spec) {
    const text = formatValue(evaluation, conversion === null ? value : convertText(evaluation, value, conversion), spec);
    admitText(evaluation, text.length);
    return text;
}

;// CONCATENATED MODULE: ./build/expression/string-format.js
// `str.format`: fields are looked up by index, name and `[key]` only. Attribute access, the classic way out of format
// strings, is refused.





/** `template.format(*positional, **named)`. */
function formatTemplate(evaluation, template, positional, named) {
    return new Formatter(evaluation, positional, named).format(template, 2);
}
const FIELD = /^([^!:{}]*)(?:!([^:]*))?(?::([\s\S]*))?$/;
class Formatter {
    evaluation;
    positional;
    named;
    numbering = null;
    next = 0;
    constructor(evaluation, positional, named) {
        this.evaluation = evaluation;
        this.positional = positional;
        this.named = named;
    }
    format(template, levels) {
        if (levels < 1)
            errors_raise('ValueError', 'Max string recursion exceeded');
        spend(this.evaluation, template.length);
        let result = '';
        let at = 0;
        while (at < template.length) {
            const character = template.charAt(at);
            if (character !== '{' && character !== '}') {
                const end = nextBrace(template, at);
                result += template.slice(at, end);
                at = end;
            }
            else if (template.charAt(at + 1) === character) {
                result += character;
                at += 2;
            }
            else if (character === '}') {
                errors_raise('ValueError', "Single '}' encountered in format string");
            }
            else {
                const end = closingBrace(template, at);
                result += this.field(template.slice(at + 1, end), levels);
                at = end + 1;
            }
            admitText(this.evaluation, result.length);
        }
        return result;
    }
    field(text, levels) {
        const match = FIELD.exec(text);
        if (match === null)
            return errors_raise('ValueError', "unexpected '{' in field name");
        const [, name = '', conversion, spec = ''] = match;
        const value = this.lookup(name);
        if (conversion !== undefined && conversion !== 's' && conversion !== 'r' && conversion !== 'a') {
            errors_raise('ValueError', conversion === ''
                ? 'end of string while looking for conversion specifier'
                : `Unknown conversion specifier '${conversion}'`);
        }
        const fullSpec = spec.includes('{') || spec.includes('}') ? this.format(spec, levels - 1) : spec;
        return formatField(this.evaluation, value, conversion ?? null, fullSpec);
    }
    lookup(name) {
        const first = /^[^.[]*/.exec(name)?.[0] ?? '';
        let value = this.root(first);
        let rest = name.slice(first.length);
        while (rest !== '') {
            const match = /^\[([^\]]*)\]/.exec(rest);
            if (match === null) {
                if (rest.startsWith('.'))
                    errors_raise('AttributeError', 'attribute access is not allowed in format strings');
                return errors_raise('ValueError', "Only '.' or '[' may follow ']' in format field specifier");
            }
            const key = match[1] ?? '';
            if (key === '')
                errors_raise('ValueError', 'Empty attribute in format string');
            value = getItem(this.evaluation, value, /^[0-9]+$/.test(key) ? Number(key) : key);
            rest = rest.slice(match[0].length);
        }
        return value;
    }
    root(name) {
        if (name !== '' && !/^[0-9]+$/.test(name)) {
            const value = this.named?.get(name);
            return value !== undefined ? value : errors_raise('KeyError', textRepr(name));
        }
        const numbering = name === '' ? 'automatic' : 'manual';
        if (this.numbering !== null && this.numbering !== numbering) {
            errors_raise('ValueError', `cannot switch from ${this.numbering} to ${numbering} field numbering`);
        }
        this.numbering = numbering;
        const index = name === '' ? this.next++ : Number(name);
        const value = this.positional[index];
        if (value !== undefined)
            return value;
        return errors_raise('IndexError', `Replacement index ${index} out of range for positional args tuple`);
    }
}
function nextBrace(template, from) {
    for (let i = from; i < template.length; i++) {
        const code = template.charCodeAt(i);
        if (code === 123 || code === 125)
            return i;
    }
    return template.length;
}
function closingBrace(template, open) {
    let depth = 0;
    for (let i = open; i < template.length; i++) {
        const character = template.charAt(i);
        if (character === '{')
            depth++;
        else if (character === '}' && --depth === 0)
            return i;
    }
    return errors_raise('ValueError', open + 1 >= template.length
        ? "Single '{' encountered in format string"
        : "expected '}' before end of string");
}

;// CONCATENATED MODULE: ./build/expression/string-methods.js
// The methods of `str`. Lengths and places count code points; every result is admitted before it is built.












function textArgument(value, method) {
    if (typeof value === 'string')
        return value;
    return errors_raise('TypeError', `${method}() argument must be str, not ${typeName(value ?? null)}`);
}
function intArgument(value, missing) {
    if (value === undefined)
        return missing;
    if (!isIntegral(value)) {
        return errors_raise('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
    }
    return Number(asInt(value));
}
// The part of a text between optional bounds, with the code point it starts at; null when start lies beyond the end.
function part(text, start, stop) {
    if (start === undefined && stop === undefined)
        return { text, start: 0 };
    const length = codePointLength(text);
    const bounds = sliceBounds(new PySlice(start ?? null, stop ?? null, null), length);
    if (bounds.stop < bounds.start || (isIntegral(start ?? null) && intArgument(start, 0) > length))
        return null;
    const cut = hasSurrogates(text)
        ? characters(text).slice(bounds.start, bounds.stop).join('')
        : text.slice(bounds.start, bounds.stop);
    return { text: cut, start: bounds.start };
}
function find(evaluation, text, wanted, start, stop, side) {
    const sought = textArgument(wanted, side === 'first' ? 'find' : 'rfind');
    spend(evaluation, text.length >> 4);
    const within = part(text, start, stop);
    if (within === null)
        return -1;
    const at = side === 'first' ? within.text.indexOf(sought) : within.text.lastIndexOf(sought);
    return at < 0 ? -1 : within.start + codePointLength(within.text.slice(0, at));
}
function index(evaluation, text, wanted, start, stop, side) {
    const at = find(evaluation, text, wanted, start, stop, side);
    return at < 0 ? errors_raise('ValueError', 'substring not found') : at;
}
function string_methods_count(evaluation, text, wanted, start, stop) {
    const sought = textArgument(wanted, 'count');
    spend(evaluation, text.length >> 3);
    const within = part(text, start, stop);
    if (within === null)
        return 0;
    if (sought === '')
        return codePointLength(within.text) + 1;
    let found = 0;
    for (let at = within.text.indexOf(sought); at >= 0; at = within.text.indexOf(sought, at + sought.length))
        found++;
    return found;
}
function affix(name, method) {
    return (_evaluation, text, wanted, start, stop) => {
        const candidates = wanted instanceof PyTuple ? wanted.items : [wanted];
        const within = part(text, start, stop);
        return candidates.some((candidate) => {
            if (typeof candidate !== 'string') {
                const given = typeName(candidate ?? null);
                return errors_raise('TypeError', `${method} first arg must be str or a tuple of str, not ${given}`);
            }
            return within?.text[name](candidate) ?? false;
        });
    };
}
function splitSpace(text, limit) {
    const parts = [];
    let at = 0;
    for (;;) {
        while (at < text.length && isSpaceCode(text.charCodeAt(at)))
            at++;
        if (at >= text.length)
            return parts;
        if (limit >= 0 && parts.length >= limit)
            return [...parts, text.slice(at)];
        let end = at;
        while (end < text.length && !isSpaceCode(text.charCodeAt(end)))
            end++;
        parts.push(text.slice(at, end));
        at = end;
    }
}
function splitSpaceRight(text, limit) {
    const parts = [];
    let end = text.length;
    for (;;) {
        while (end > 0 && isSpaceCode(text.charCodeAt(end - 1)))
            end--;
        if (end <= 0)
            return parts.reverse();
        if (limit >= 0 && parts.length >= limit)
            return [...parts, text.slice(0, end)].reverse();
        let at = end;
        while (at > 0 && !isSpaceCode(text.charCodeAt(at - 1)))
            at--;
        parts.push(text.slice(at, end));
        end = at;
    }
}
function split(side) {
    return (evaluation, text, separator, maximum) => {
        const limit = intArgument(maximum, -1);
        spend(evaluation, text.length >> 3);
        let parts;
        if (separator === undefined || separator === null) {
            parts = side === 'left' ? splitSpace(text, limit) : splitSpaceRight(text, limit);
        }
        else {
            if (typeof separator !== 'string')
                errors_raise('TypeError', `must be str or None, not ${typeName(separator)}`);
            if (separator === '')
                errors_raise('ValueError', 'empty separator');
            parts = text.split(separator);
            if (limit >= 0 && parts.length > limit + 1) {
                const cut = parts.length - limit;
                parts =
                    side === 'left'
                        ? [...parts.slice(0, limit), parts.slice(limit).join(separator)]
                        : [parts.slice(0, cut).join(separator), ...parts.slice(cut)];
            }
        }
        admitItems(evaluation, parts.length);
        return new PyList(parts);
    };
}
const LINE_END = /\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]/g;
function splitLines(evaluation, text, keep) {
    spend(evaluation, text.length >> 3);
    const lines = [];
    let start = 0;
    for (const match of text.matchAll(LINE_END)) {
        const end = match.index + match[0].length;
        lines.push(text.slice(start, keep ? end : match.index));
        start = end;
    }
    if (start < text.length)
        lines.push(text.slice(start));
    admitItems(evaluation, lines.length);
    return new PyList(lines);
}
function join(evaluation, separator, items) {
    const parts = toItems(evaluation, items);
    let length = 0;
    for (let i = 0; i < parts.length; i++) {
        const item = parts[i];
        if (typeof item !== 'string') {
            errors_raise('TypeError', `sequence item ${i}: expected str instance, ${typeName(item)} found`);
        }
        length += item.length + separator.length;
    }
    admitText(evaluation, length);
    return parts.join(separator);
}
function replace(evaluation, text, old, by, limit) {
    if (old === '')
        return insertBetween(evaluation, text, by, limit);
    spend(evaluation, text.length >> 3);
    const parts = text.split(old);
    const times = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
    admitText(evaluation, text.length + times * Math.max(0, by.length - old.length));
    if (times === parts.length - 1)
        return parts.join(by);
    if (times === 0)
        return text;
    return parts.slice(0, times).join(by) + by + parts.slice(times).join(old);
}
function insertBetween(evaluation, text, by, limit) {
    const parts = characters(text);
    const times = limit < 0 ? parts.length + 1 : Math.min(limit, parts.length + 1);
    admitText(evaluation, text.length + times * by.length);
    spend(evaluation, parts.length);
    let result = '';
    parts.forEach((character, i) => {
        result += i < times ? by + character : character;
    });
    return times > parts.length ? result + by : result;
}
function strip(side, method) {
    return (evaluation, text, set) => {
        spend(evaluation, text.length >> 4);
        if (set === undefined || set === null)
            return stripSpace(text, side);
        if (typeof set !== 'string')
            return errors_raise('TypeError', `${method} arg must be None or str`);
        spend(evaluation, text.length >> 2);
        const dropped = new Set(set);
        const parts = characters(text);
        let start = 0;
        let end = parts.length;
        if (side !== 'right')
            while (start < end && dropped.has(parts[start]))
                start++;
        if (side !== 'left')
            while (end > start && dropped.has(parts[end - 1]))
                end--;
        return parts.slice(start, end).join('');
    };
}
function padded(evaluation, text, width, fill, left) {
    spend(evaluation, text.length >> 4);
    const size = intArgument(width, 0);
    const filler = fill === undefined ? ' ' : fill;
    if (typeof filler !== 'string' || codePointLength(filler) !== 1) {
        return errors_raise('TypeError', 'The fill character must be exactly one character long');
    }
    const missing = size - codePointLength(text);
    if (missing <= 0)
        return text;
    admitText(evaluation, size * filler.length);
    const before = left(missing, size);
    return filler.repeat(before) + text + filler.repeat(missing - before);
}
function zeroFill(evaluation, text, width) {
    const size = intArgument(width, 0);
    const missing = size - codePointLength(text);
    if (missing <= 0)
        return text;
    admitText(evaluation, size);
    const sign = text.startsWith('+') || text.startsWith('-') ? text.charAt(0) : '';
    return sign + '0'.repeat(missing) + text.slice(sign.length);
}
function expandTabs(evaluation, text, size) {
    let column = 0;
    let result = '';
    for (const character of text) {
        if (character === '\t') {
            const missing = size > 0 ? size - (column % size) : 0;
            admitText(evaluation, result.length + missing);
            result += ' '.repeat(missing);
            column += missing;
        }
        else {
            result += character;
            column = character === '\n' || character === '\r' ? 0 : column + 1;
        }
    }
    spend(evaluation, text.length);
    return result;
}
function partition(side) {
    return (evaluation, text, separator) => {
        const sought = textArgument(separator, 'partition');
        if (sought === '')
            errors_raise('ValueError', 'empty separator');
        spend(evaluation, text.length >> 4);
        const at = side === 'first' ? text.indexOf(sought) : text.lastIndexOf(sought);
        if (at >= 0)
            return new PyTuple([text.slice(0, at), sought, text.slice(at + sought.length)]);
        return new PyTuple(side === 'first' ? [text, '', ''] : ['', '', text]);
    };
}
// Letters whose title case is neither their upper case nor themselves.
const TITLE = new Map([
    ['ǆ', 'ǅ'],
    ['Ǆ', 'ǅ'],
    ['ǅ', 'ǅ'],
    ['ǉ', 'ǈ'],
    ['Ǉ', 'ǈ'],
    ['ǈ', 'ǈ'],
    ['ǌ', 'ǋ'],
    ['Ǌ', 'ǋ'],
    ['ǋ', 'ǋ'],
    ['ǳ', 'ǲ'],
    ['Ǳ', 'ǲ'],
    ['ǲ', 'ǲ'],
    ['ß', 'Ss'],
    ['ﬀ', 'Ff'],
    ['ﬁ', 'Fi'],
    ['ﬂ', 'Fl'],
    ['ﬃ', 'Ffi'],
    ['ﬄ', 'Ffl'],
    ['ﬅ', 'St'],
    ['ﬆ', 'St'],
]);
function titleCase(character) {
    return TITLE.get(character) ?? character.toUpperCase();
}
function isCased(character) {
    return character.toLowerCase() !== character.toUpperCase() || /\p{Lt}/u.test(character);
}
function title(text) {
    let inWord = false;
    let result = '';
    for (const character of text) {
        result += inWord ? character.toLowerCase() : titleCase(character);
        inWord = isCased(character);
    }
    return result;
}
function capitalize(text) {
    const [first, ...rest] = characters(text);
    return first === undefined ? '' : titleCase(first) + rest.join('').toLowerCase();
}
function swapCase(text) {
    let result = '';
    for (const character of text) {
        result += /\p{Lu}/u.test(character) ? character.toLowerCase() : character.toUpperCase();
    }
    return result;
}
function caseFold(text) {
    let result = '';
    for (const character of text) {
        // Full folding is the lower case of the upper case, except for dotless and final letters, which stand alone.
        const folded = character === 'ı' ? 'ı' : character === 'ς' ? 'σ' : character.toUpperCase().toLowerCase();
        result += folded === 'ς' ? 'σ' : folded;
    }
    return result;
}
function isTitle(text) {
    let inWord = false;
    let any = false;
    for (const character of text) {
        const upper = /\p{Lu}|\p{Lt}/u.test(character);
        const lower = /\p{Ll}/u.test(character);
        if ((upper && inWord) || (lower && !inWord))
            return false;
        any ||= upper || lower;
        inWord = upper || lower;
    }
    return any;
}
function matches(pattern) {
    return (evaluation, text) => {
        spend(evaluation, text.length >> 3);
        return pattern.test(text);
    };
}
const mapped = (map) => (evaluation, text) => {
    spend(evaluation, text.length >> 1);
    return map(text);
};
// `str.translate` takes a dict of code points; `maketrans` builds one.
function translate(evaluation, text, table) {
    if (!(table instanceof PyDict))
        return errors_raise('TypeError', 'translate() argument must be a dict');
    let result = '';
    for (const character of text) {
        spend(evaluation, 1);
        const by = dictLookup(evaluation, table, character.codePointAt(0) ?? 0);
        if (by === undefined)
            result += character;
        else if (typeof by === 'string')
            result += by;
        else if (by !== null)
            result += characterOfCode(by);
        if (result.length > evaluation.limits.stringLength)
            admitText(evaluation, result.length);
    }
    return result;
}
function characterOfCode(code) {
    if (!isIntegral(code))
        return errors_raise('TypeError', 'character mapping must return integer, None or str');
    const int = asInt(code);
    if (int < 0 || int > 0x10ffff)
        errors_raise('ValueError', 'character mapping must be in range(0x110000)');
    return String.fromCodePoint(Number(int));
}
function makeTranslation(evaluation, from, to, dropped) {
    const table = new PyDict();
    if (to === undefined) {
        if (!(from instanceof PyDict)) {
            return errors_raise('TypeError', 'if you give only one argument to maketrans it must be a dict');
        }
        for (const key of iterate(from)) {
            const code = typeof key === 'string' && codePointLength(key) === 1 ? (key.codePointAt(0) ?? 0) : key;
            dictSet(evaluation, table, code, dictLookup(evaluation, from, key) ?? null);
        }
        return table;
    }
    const source = characters(textArgument(from, 'maketrans'));
    const target = characters(textArgument(to, 'maketrans'));
    if (source.length !== target.length) {
        errors_raise('ValueError', 'the first two maketrans arguments must have equal length');
    }
    source.forEach((character, i) => {
        dictSet(evaluation, table, character.codePointAt(0) ?? 0, target[i].codePointAt(0) ?? 0);
    });
    for (const character of dropped === undefined ? '' : textArgument(dropped, 'maketrans')) {
        dictSet(evaluation, table, character.codePointAt(0) ?? 0, null);
    }
    return table;
}
const format = (evaluation, self, positional, named) => formatTemplate(evaluation, self, positional, named);
const formatMap = (evaluation, self, positional, named) => {
    admitNamed('format_map', named, []);
    const [mapping] = positional;
    if (!(mapping instanceof PyDict))
        return errors_raise('TypeError', 'format_map() argument must be a dict');
    const fields = new Map();
    for (const [key, value] of mapping.entries)
        if (typeof key === 'string')
            fields.set(key, value);
    return formatTemplate(evaluation, self, [], fields);
};
/** The methods of `str`. */
const STRING_METHODS = methodTable({
    'upper()': mapped((text) => text.toUpperCase()),
    'lower()': mapped((text) => text.toLowerCase()),
    'casefold()': mapped(caseFold),
    'swapcase()': mapped(swapCase),
    'capitalize()': mapped(capitalize),
    'title()': mapped(title),
    'strip(chars?, /)': strip('both', 'strip'),
    'lstrip(chars?, /)': strip('left', 'lstrip'),
    'rstrip(chars?, /)': strip('right', 'rstrip'),
    'split(sep?, maxsplit?)': split('left'),
    'rsplit(sep?, maxsplit?)': split('right'),
    'splitlines(keepends?)': (evaluation, self, keep) => splitLines(evaluation, self, intArgument(keep, 0) !== 0),
    'join(iterable, /)': (evaluation, self, items) => join(evaluation, self, items),
    'replace(old, new, count?, /)': (evaluation, self, old, by, times) => replace(evaluation, self, textArgument(old, 'replace'), textArgument(by, 'replace'), intArgument(times, -1)),
    'startswith(prefix, start?, end?, /)': affix('startsWith', 'startswith'),
    'endswith(suffix, start?, end?, /)': affix('endsWith', 'endswith'),
    'find(sub, start?, end?, /)': (evaluation, self, sub, start, end) => find(evaluation, self, sub, start, end, 'first'),
    'rfind(sub, start?, end?, /)': (evaluation, self, sub, start, end) => find(evaluation, self, sub, start, end, 'last'),
    'index(sub, start?, end?, /)': (evaluation, self, sub, start, end) => index(evaluation, self, sub, start, end, 'first'),
    'rindex(sub, start?, end?, /)': (evaluation, self, sub, start, end) => index(evaluation, self, sub, start, end, 'last'),
    'count(sub, start?, end?, /)': string_methods_count,
    'isdigit()': matches(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468]+$/u),
    'isdecimal()': matches(/^\p{Nd}+$/u),
    'isnumeric()': matches(/^\p{N}+$/u),
    'isalpha()': matches(/^\p{L}+$/u),
    'isalnum()': matches(/^[\p{L}\p{N}]+$/u),
    'isspace()': (_evaluation, self) => self !== '' && stripSpace(self) === '',
    'isascii()': matches(/^[\0-\x7f]*$/),
    'isidentifier()': matches(/^[\p{XID_Start}_]\p{XID_Continue}*$/u),
    'isprintable()': matches(/^(?:(?![\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}])(?: |\P{Zs}))*$/u),
    'isupper()': matches(/^(?=.*\p{Lu})[^\p{Ll}\p{Lt}]*$/su),
    'islower()': matches(/^(?=.*\p{Ll})[^\p{Lu}\p{Lt}]*$/su),
    'istitle()': (_evaluation, self) => isTitle(self),
    'zfill(width, /)': zeroFill,
    'ljust(width, fillchar?, /)': (evaluation, self, width, fill) => padded(evaluation, self, width, fill, () => 0),
    'rjust(width, fillchar?, /)': (evaluation, self, width, fill) => padded(evaluation, self, width, fill, (missing) => missing),
    // CPython puts the odd blank on the left when the width is odd too.
    'center(width, fillchar?, /)': (evaluation, self, width, fill) => padded(evaluation, self, width, fill, (missing, size) => (missing >> 1) + (missing & size & 1)),
    'partition(sep, /)': partition('first'),
    'rpartition(sep, /)': partition('last'),
    'removeprefix(prefix, /)': (_evaluation, self, prefix) => {
        const text = textArgument(prefix, 'removeprefix');
        return self.startsWith(text) ? self.slice(text.length) : self;
    },
    'removesuffix(suffix, /)': (_evaluation, self, suffix) => {
        const text = textArgument(suffix, 'removesuffix');
        return text !== '' && self.endsWith(text) ? self.slice(0, -text.length) : self;
    },
    'expandtabs(tabsize?)': (evaluation, self, size) => expandTabs(evaluation, self, intArgument(size, 8)),
    'translate(table, /)': (evaluation, self, table) => translate(evaluation, self, table),
    'maketrans(x, y?, z?, /)': (evaluation, _self, from, to, dropped) => makeTranslation(evaluation, from, to, dropped),
})
    .set('format', format)
    .set('format_map', formatMap);

;// CONCATENATED MODULE: ./build/expression/attributes.js
// Attribute access and method calls. A name reaches only the tables below, a module's members, or what a host value
// offers; never a JavaScript property.








// One table answers for one type, which the check before it has established; hence the single cast here.
function methodOf(value, name) {
    return tableOf(value)?.get(name);
}
function tableOf(value) {
    switch (typeof value) {
        case 'string':
            return STRING_METHODS;
        case 'number':
            return Number.isInteger(value) ? INT_METHODS : FLOAT_METHODS;
        case 'bigint':
        case 'boolean':
            return INT_METHODS;
        default:
    }
    if (value instanceof PyList)
        return LIST_METHODS;
    if (value instanceof PyDict)
        return DICT_METHODS;
    if (value instanceof PyTuple)
        return TUPLE_METHODS;
    if (value instanceof PySet)
        return value.frozen ? FROZEN_SET_METHODS : SET_METHODS;
    if (value instanceof PyFloat)
        return FLOAT_METHODS;
    if (value instanceof PyRange)
        return RANGE_METHODS;
    if (value instanceof PyView)
        return VIEW_METHODS;
    return null;
}
/** `receiver.name(...)`. Throws AttributeError when there is no such method. */
function callMethod(evaluation, receiver, name, positional, named = null) {
    const method = methodOf(receiver, name);
    if (method === undefined) {
        return callFunction(evaluation, getAttribute(evaluation, receiver, name), positional, named);
    }
    spend(evaluation, 1);
    return method(evaluation, receiver, positional, named);
}
/** `value.name` without a call: a bound method, a module's member, `real` and `imag` of numbers. */
function getAttribute(evaluation, value, name) {
    const attribute = findAttribute(evaluation, value, name);
    return attribute !== undefined ? attribute : errors_raise('AttributeError', attributes_missing(value, name));
}
/** The attribute, or undefined when the value has none of that name. */
function findAttribute(_evaluation, value, name) {
    if (value instanceof PyModule)
        return value.members.get(name);
    if (value instanceof PyHost)
        return value.attribute(name);
    if (value instanceof PyType)
        return typeAttribute(value, name);
    const method = methodOf(value, name);
    if (method !== undefined) {
        return new PyFunction(name, (evaluation, positional, named) => method(evaluation, value, positional, named));
    }
    if (name === 'real' && isPlainNumber(value))
        return typeof value === 'boolean' ? Number(value) : value;
    if (name === 'imag' && isPlainNumber(value)) {
        return value instanceof PyFloat || !Number.isInteger(Number(value)) ? new PyFloat(0) : 0;
    }
    if (value instanceof PyRange || value instanceof PySlice) {
        if (name === 'start' || name === 'stop' || name === 'step')
            return value[name];
    }
    return undefined;
}
function isPlainNumber(value) {
    return (typeof value === 'number' ||
        typeof value === 'bigint' ||
        typeof value === 'boolean' ||
        value instanceof PyFloat);
}
// `dict.fromkeys` and `str.maketrans` need no instance; other methods take theirs as the first argument.
function typeAttribute(type, name) {
    if (type.name === 'dict' && name === 'fromkeys') {
        return new PyFunction(name, (evaluation, [keys, value]) => keys === undefined
            ? errors_raise('TypeError', 'fromkeys expected at least 1 argument, got 0')
            : dictFromKeys(evaluation, keys, value ?? null));
    }
    const sample = SAMPLES.get(type.name);
    const method = sample === undefined ? undefined : methodOf(sample, name);
    if (method === undefined)
        return undefined;
    if (type.name === 'str' && name === 'maketrans') {
        return new PyFunction(name, (evaluation, positional, named) => method(evaluation, '', positional, named));
    }
    return new PyFunction(name, (evaluation, [self, ...rest], named) => {
        if (self === undefined || !type.includes(self)) {
            const given = self === undefined ? 'nothing' : `a '${typeName(self)}' object`;
            return errors_raise('TypeError', `descriptor '${name}' for '${type.name}' objects doesn't apply to ${given}`);
        }
        return method(evaluation, self, rest, named);
    });
}
const SAMPLES = new Map([
    ['str', ''],
    ['list', new PyList([])],
    ['dict', new PyDict()],
    ['tuple', new PyTuple([])],
    ['set', new PySet()],
    ['frozenset', new PySet(true)],
    ['int', 0],
    ['float', 0.5],
]);
function attributes_missing(value, name) {
    if (value instanceof PyType)
        return `type object '${value.name}' has no attribute '${name}'`;
    if (value instanceof PyModule)
        return `module '${value.name}' has no attribute '${name}'`;
    return `'${typeName(value)}' object has no attribute '${name}'`;
}
/** The methods of every type, for checks before anything runs. */
const METHOD_TABLES = {
    str: STRING_METHODS,
    list: LIST_METHODS,
    tuple: TUPLE_METHODS,
    range: RANGE_METHODS,
    dict: DICT_METHODS,
    set: SET_METHODS,
    'dict view': VIEW_METHODS,
    int: INT_METHODS,
    float: FLOAT_METHODS,
};
/** Attributes that are no methods. */
const PLAIN_ATTRIBUTES = new Set(['real', 'imag', 'start', 'stop', 'step']);

;// CONCATENATED MODULE: ./build/expression/doubled.js
// Numbers of twice a double's precision (about 32 digits), as the exact sum of two doubles. Built from + - * / and sqrt
// only, which IEEE 754 rounds alike on every machine. Sources: Dekker 1971; Knuth, TAOCP 2, 4.2.2.
/** Exact sum of two doubles. */
function exactSum(a, b) {
    const hi = a + b;
    const part = hi - a;
    return { hi, lo: a - (hi - part) + (b - part) };
}
// Splits a double into two halves of 26 bits, whose products are exact.
const SPLITTER = 2 ** 27 + 1;
/** Exact product of two doubles whose product neither overflows nor vanishes. */
function exactProduct(a, b) {
    const hi = a * b;
    const aScaled = SPLITTER * a;
    const aHigh = aScaled - (aScaled - a);
    const aLow = a - aHigh;
    const bScaled = SPLITTER * b;
    const bHigh = bScaled - (bScaled - b);
    const bLow = b - bHigh;
    return { hi, lo: aHigh * bHigh - hi + aHigh * bLow + aLow * bHigh + aLow * bLow };
}
// As exactSum, when |a| >= |b|.
function normal(a, b) {
    const hi = a + b;
    return { hi, lo: b - (hi - a) };
}
/** The doubled form of a double. */
function doubled(hi) {
    return { hi, lo: 0 };
}
/** a + b. */
function plus(a, b) {
    const high = exactSum(a.hi, b.hi);
    const low = exactSum(a.lo, b.lo);
    const sum = normal(high.hi, high.lo + low.hi);
    return normal(sum.hi, sum.lo + low.lo);
}
/** a - b. */
function minus(a, b) {
    return plus(a, { hi: -b.hi, lo: -b.lo });
}
/** a * b. */
function times(a, b) {
    const product = exactProduct(a.hi, b.hi);
    return normal(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}
/** a * b for a double b. */
function scaled(a, b) {
    const product = exactProduct(a.hi, b);
    return normal(product.hi, product.lo + a.lo * b);
}
/** a / b. */
function over(a, b) {
    const first = a.hi / b.hi;
    const rest = minus(a, scaled(b, first));
    const second = rest.hi / b.hi;
    const third = minus(rest, scaled(b, second)).hi / b.hi;
    const sum = normal(first, second);
    return normal(sum.hi, sum.lo + third);
}
/** Square root of a positive value. */
function root(a) {
    const first = Math.sqrt(a.hi);
    if (first === 0)
        return doubled(0);
    return normal(first, minus(a, exactProduct(first, first)).hi / (2 * first));
}

;// CONCATENATED MODULE: ./build/expression/mathematics.js
// The functions whose last bit a library chooses. They are computed in doubled precision and rounded once, so that
// every machine and every Node version gives the same double: the nearest one, save in about one of 2^40 cases.
// `Math.*` only supplies first approximations that are then corrected. Domain errors are the caller's business.

const LN2 = { hi: Math.LN2, lo: 2.3190468138462996e-17 };
// pi / 2 as the sum of three doubles.
const HALF_PI = { hi: Math.PI / 2, lo: 6.123233995736766e-17 };
const HALF_PI_REST = -1.4973849048591833e-33;
const INVERSE_FACTORIALS = Array.from({ length: 30 }, (_, n) => {
    let factorial = doubled(1);
    for (let i = 2; i <= n; i++)
        factorial = scaled(factorial, i);
    return over(doubled(1), factorial);
});
// --- exponential
// e ** x - 1 for |x| < 0.36: the series of x / 512, and nine doublings by (1 + e) ** 2 - 1 = e * (2 + e).
function exponentialMinusOne(x) {
    const r = { hi: x.hi / 512, lo: x.lo / 512 };
    // The terms from the sixth on lie below the last bit of a double of the first: plain doubles are enough.
    let tail = 0;
    for (let n = 10; n >= 6; n--)
        tail = (tail + INVERSE_FACTORIALS[n].hi) * r.hi;
    let sum = doubled(tail);
    for (let n = 5; n >= 1; n--)
        sum = times(plus(sum, INVERSE_FACTORIALS[n]), r);
    for (let i = 0; i < 9; i++)
        sum = times(sum, plus(sum, doubled(2)));
    return sum;
}
function exponentialOf(x) {
    if (x.hi > 709.8)
        return Infinity;
    if (x.hi < -745.2)
        return 0;
    const k = Math.round(x.hi / LN2.hi);
    const reduced = minus(minus(x, exactProduct(k, LN2.hi)), exactProduct(k, LN2.lo));
    const result = plus(doubled(1), exponentialMinusOne(reduced));
    // Two factors: 2 ** k alone may overflow or vanish when the result does not.
    const half = Math.trunc(k / 2);
    return result.hi * 2 ** half * 2 ** (k - half);
}
/** e ** x. */
function exponential(x) {
    return Number.isFinite(x) ? exponentialOf(doubled(x)) : Math.exp(x);
}
// --- logarithm
const mathematics_BITS = new DataView(new ArrayBuffer(8));
// x = m * 2 ** k with m between sqrt(1/2) and sqrt(2).
function splitBinary(x) {
    const subnormal = x < 2 ** -1022;
    mathematics_BITS.setFloat64(0, subnormal ? x * 2 ** 54 : x);
    const high = mathematics_BITS.getUint32(0);
    let k = (high >>> 20) - 1023 - (subnormal ? 54 : 0);
    mathematics_BITS.setUint32(0, (high & 0xfffff) | 0x3ff00000);
    let m = mathematics_BITS.getFloat64(0);
    if (m > Math.SQRT2) {
        m /= 2;
        k++;
    }
    return { m, k };
}
// One Newton step on e ** y = m doubles the digits of Math.log.
function logarithmOf(x) {
    const { m, k } = splitBinary(x);
    if (m === 1)
        return scaled(LN2, k);
    const y = Math.log(m);
    const e = exponentialMinusOne(doubled(y));
    const correction = (m - 1 - e.hi - e.lo) / (1 + e.hi);
    return plus(plus(exactProduct(k, LN2.hi), exactProduct(k, LN2.lo)), exactSum(y, correction));
}
/** Natural logarithm. */
function logarithm(x) {
    return x > 0 && Number.isFinite(x) ? logarithmOf(x).hi : Math.log(x);
}
// --- power
// Whole powers by squaring: exact while the result fits, so that exact ties round to even.
function wholePower(x, n) {
    let result = doubled(1);
    let square = doubled(x);
    for (let left = n; left > 0; left = Math.floor(left / 2)) {
        if (left % 2 === 1)
            result = times(result, square);
        square = times(square, square);
    }
    return result.hi;
}
/** x ** y as C's pow, for every double. */
function power(x, y) {
    if (x === 1 || y === 0)
        return 1;
    if (x === -1 && !Number.isFinite(y))
        return 1;
    if (x === 0 || !Number.isFinite(x) || !Number.isFinite(y))
        return x ** y;
    if (x < 0 && !Number.isInteger(y))
        return Number.NaN;
    if (y === 1)
        return x;
    const size = Math.abs(x);
    const sign = x < 0 && Math.abs(y % 2) === 1 ? -1 : 1;
    if (y === 0.5)
        return Math.sqrt(size);
    const logarithmOfSize = logarithmOf(size);
    const exponent = y * logarithmOfSize.hi;
    if (Math.abs(exponent) > 750)
        return sign * (exponent > 0 ? Infinity : 0);
    if (y > 0 && y <= 64 && Number.isInteger(y) && Math.abs(exponent) < 300)
        return sign * wholePower(size, y);
    return sign * exponentialOf(scaled(logarithmOfSize, y));
}
function reduceAngle(x) {
    if (Math.abs(x) > 1e6)
        return reduceLargeAngle(x);
    const n = Math.round(x / HALF_PI.hi);
    const high = exactProduct(n, HALF_PI.hi);
    const low = exactProduct(n, HALF_PI.lo);
    const rest = minus(minus(minus(doubled(x), high), low), doubled(n * HALF_PI_REST));
    return { quarter: ((n % 4) + 4) % 4, rest };
}
// Large angles need pi to as many digits as the angle has: whole numbers, scaled by 2 ** SCALE.
const SCALE = 1300n;
let scaledHalfPi = 0n;
function reduceLargeAngle(x) {
    if (scaledHalfPi === 0n)
        scaledHalfPi = ((16n * inverseTangent(5n) - 4n * inverseTangent(239n)) / 2n) >> 40n;
    const { m, k } = splitBinary(Math.abs(x));
    const angle = (BigInt(m * 2 ** 53) << SCALE) << BigInt(Math.max(k - 53, 0));
    const whole = k - 53 > 0 ? angle : angle >> BigInt(53 - k);
    let n = whole / scaledHalfPi;
    let left = whole - n * scaledHalfPi;
    if (left * 2n > scaledHalfPi) {
        n += 1n;
        left -= scaledHalfPi;
    }
    // 200 bits of the rest are plenty; then two doubles take 106 of them.
    const shortened = left >> (SCALE - 200n);
    const hi = Number(shortened);
    const lo = Number(shortened - BigInt(hi));
    const rest = exactSum(hi * 2 ** -200, lo * 2 ** -200);
    const quarter = Number(n % 4n);
    if (x > 0)
        return { quarter, rest };
    return { quarter: (4 - quarter) % 4, rest: { hi: -rest.hi, lo: -rest.lo } };
}
// atan(1 / n) * 2 ** (SCALE + 40), by its series.
function inverseTangent(n) {
    let term = (1n << (SCALE + 40n)) / n;
    let sum = term;
    for (let k = 3n; term !== 0n; k += 2n) {
        term = -term / (n * n);
        sum += term / k;
    }
    return sum;
}
// The series of sine (first = 1) or cosine (first = 0), for angles up to an eighth of a turn.
function series(x, first) {
    const square = times(x, x);
    let sum = doubled(0);
    for (let n = 26 + first; n >= first; n -= 2) {
        const factor = INVERSE_FACTORIALS[n];
        const signed = ((n - first) / 2) % 2 === 0 ? factor : { hi: -factor.hi, lo: -factor.lo };
        sum = plus(n === 26 + first ? sum : times(sum, square), signed);
    }
    return first === 0 ? sum : times(sum, x);
}
// Sine of an angle turned on by `quarters` quarter turns.
function sineOf({ quarter, rest }, quarters) {
    const turned = (quarter + quarters) % 4;
    const value = series(rest, turned % 2 === 0 ? 1 : 0);
    return turned < 2 ? value : { hi: -value.hi, lo: -value.lo };
}
/** Sine of an angle in radians. */
function sine(x) {
    if (!Number.isFinite(x))
        return Number.NaN;
    return Math.abs(x) < 2 ** -27 ? x : sineOf(reduceAngle(x), 0).hi;
}
/** Cosine of an angle in radians. */
function cosine(x) {
    return Number.isFinite(x) ? sineOf(reduceAngle(x), 1).hi : Number.NaN;
}
function tangent(x) {
    if (!Number.isFinite(x))
        return Number.NaN;
    if (Math.abs(x) < 2 ** -27)
        return x;
    const angle = reduceAngle(x);
    return over(sineOf(angle, 0), sineOf(angle, 1)).hi;
}
// --- inverse functions: an approximate angle a is corrected by the sine of what is missing
// Angle of the point (x, y) on the unit circle, from an approximation.
function corrected(approximation, x, y) {
    const angle = reduceAngle(approximation);
    const missing = minus(times(y, sineOf(angle, 1)), times(x, sineOf(angle, 0)));
    return approximation + missing.hi;
}
// sqrt(1 - x * x)
function otherLeg(x) {
    return root(times(exactSum(1, -x), exactSum(1, x)));
}
function arcsine(x) {
    if (Math.abs(x) < 2 ** -27 || !(Math.abs(x) < 1))
        return Math.asin(x);
    return corrected(Math.asin(x), otherLeg(x), doubled(x));
}
function arccosine(x) {
    return Math.abs(x) < 1 ? corrected(Math.acos(x), doubled(x), otherLeg(x)) : Math.acos(x);
}
/** Angle of the point (x, y). */
function arctangent2(y, x) {
    const approximation = Math.atan2(y, x);
    const larger = Math.max(Math.abs(x), Math.abs(y));
    const smaller = Math.min(Math.abs(x), Math.abs(y));
    if (!Number.isFinite(larger) || smaller === 0 || Math.abs(approximation) < 2 ** -27)
        return approximation;
    if (larger > 2 ** 400 || smaller < 2 ** -400)
        return approximation;
    const legs = { x: doubled(x), y: doubled(y) };
    const hypotenuse = root(plus(exactProduct(x, x), exactProduct(y, y)));
    return corrected(approximation, over(legs.x, hypotenuse), over(legs.y, hypotenuse));
}
function arctangent(x) {
    return Number.isFinite(x) ? arctangent2(x, 1) : Math.atan(x);
}
// --- hyperbolic functions as fdlibm composes them, on the functions above
function hyperbolicCosine(x) {
    const size = Math.abs(x);
    if (size < 0.5 * LN2.hi) {
        const e = Math.expm1(size);
        return 1 + (e * e) / (2 * (1 + e));
    }
    if (size < 22)
        return 0.5 * exponential(size) + 0.5 / exponential(size);
    const half = exponential(0.5 * size);
    return size < 709.7 ? 0.5 * exponential(size) : 0.5 * half * half;
}
function inverseHyperbolicSine(x) {
    const size = Math.abs(x);
    if (!Number.isFinite(x) || size < 2 ** -28)
        return x;
    let result;
    if (size > 2 ** 28)
        result = logarithm(size) + LN2.hi;
    else if (size > 2)
        result = logarithm(2 * size + 1 / (Math.sqrt(x * x + 1) + size));
    else
        result = Math.log1p(size + (x * x) / (1 + Math.sqrt(1 + x * x)));
    return x < 0 ? -result : result;
}
function inverseHyperbolicCosine(x) {
    if (!(x > 1) || !Number.isFinite(x))
        return Math.acosh(x);
    if (x > 2 ** 28)
        return logarithm(x) + LN2.hi;
    if (x > 2)
        return logarithm(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
    const t = x - 1;
    return Math.log1p(t + Math.sqrt(2 * t + t * t));
}
/** The functions of Python's `math` that need no more than their argument, by name. */
const ELEMENTARY = new Map([
    ['exp', exponential],
    ['exp2', (x) => power(2, x)],
    ['sin', sine],
    ['cos', cosine],
    ['tan', tangent],
    ['asin', arcsine],
    ['acos', arccosine],
    ['atan', arctangent],
    ['cosh', hyperbolicCosine],
    ['asinh', inverseHyperbolicSine],
    ['acosh', inverseHyperbolicCosine],
    // V8 compiles these from fdlibm, unchanged from Node 20 to 24, and CPython's C library has the same code.
    ['expm1', Math.expm1],
    ['log1p', Math.log1p],
    ['sinh', Math.sinh],
    ['tanh', Math.tanh],
    ['atanh', Math.atanh],
    ['cbrt', Math.cbrt],
]);
/** Logarithm to base 10. */
function logarithm10(x) {
    return Math.log10(x);
}
/** Logarithm to base 2. */
function logarithm2(x) {
    return Math.log2(x);
}

;// CONCATENATED MODULE: ./build/expression/percent.js
// The `%` operator of strings: `'%s has %d' % (name, n)`.









const percent_FIELD = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]*))?[hlL]?([\s\S])?/g;
/** `format % values`. Throws TypeError for missing or spare values. */
function percentFormat(evaluation, format, values) {
    const source = new Arguments(values);
    let result = '';
    let last = 0;
    for (const match of format.matchAll(percent_FIELD)) {
        result += format.slice(last, match.index);
        last = match.index + match[0].length;
        const [, name, flags = '', width, precision, letter] = match;
        if (letter === undefined)
            errors_raise('ValueError', 'incomplete format');
        if (letter === '%') {
            result += '%';
            continue;
        }
        const field = { flags, width: source.size(width) ?? 0, precision: source.size(precision) ?? -1 };
        if (field.width < 0) {
            field.flags += '-';
            field.width = -field.width;
        }
        admitField(evaluation, field);
        const value = name === undefined ? source.next() : source.named(evaluation, name);
        result += percent_place(field, letter, textOf(evaluation, value, letter, field, last - 1));
        admitText(evaluation, result.length);
    }
    source.finish();
    return result + format.slice(last);
}
function admitField(evaluation, field) {
    const { formatWidth, formatPrecision } = evaluation.limits;
    if (field.width > formatWidth)
        raiseLimit(`a format width of ${field.width} (limit ${formatWidth})`);
    if (field.precision > formatPrecision) {
        raiseLimit(`a format precision of ${field.precision} (limit ${formatPrecision})`);
    }
    spend(evaluation, 1 + (field.width >> 4) + (field.precision > 0 ? field.precision >> 1 : 0));
}
class Arguments {
    whole;
    used = 0;
    namedUsed = false;
    constructor(whole) {
        this.whole = whole;
    }
    next() {
        if (this.whole instanceof PyTuple) {
            const value = this.whole.items[this.used++];
            return value !== undefined ? value : errors_raise('TypeError', 'not enough arguments for format string');
        }
        if (this.used++ > 0 || this.namedUsed)
            errors_raise('TypeError', 'not enough arguments for format string');
        return this.whole;
    }
    named(evaluation, name) {
        if (!(this.whole instanceof PyDict))
            errors_raise('TypeError', 'format requires a mapping');
        this.namedUsed = true;
        return getItem(evaluation, this.whole, name);
    }
    size(text) {
        if (text !== '*')
            return text === undefined ? null : Number(text);
        const value = this.next();
        if (!isIntegral(value))
            errors_raise('TypeError', '* wants int');
        return Number(asInt(value));
    }
    finish() {
        const { whole } = this;
        if (whole instanceof PyTuple) {
            if (this.used < whole.items.length)
                errors_raise('TypeError', 'not all arguments converted during string formatting');
            return;
        }
        // A mapping, or a list, which Python takes for one, may stay unused.
        if (this.used === 0 && !this.namedUsed && !(whole instanceof PyDict) && !(whole instanceof PyList)) {
            errors_raise('TypeError', 'not all arguments converted during string formatting');
        }
    }
}
function textOf(evaluation, value, letter, field, at) {
    switch (letter) {
        case 's':
        case 'r':
        case 'a': {
            const text = convertText(evaluation, value, letter);
            return field.precision < 0 ? text : characters(text).slice(0, field.precision).join('');
        }
        case 'c':
            return characterOf(value);
        case 'd':
        case 'i':
        case 'u':
        case 'x':
        case 'X':
        case 'o':
            return integerOf(evaluation, value, letter, field);
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
            if (!isNumeric(value))
                errors_raise('TypeError', `must be real number, not ${typeName(value)}`);
            return floatOf(value, letter, field);
        default: {
            const code = letter.charCodeAt(0).toString(16);
            return errors_raise('ValueError', `unsupported format character '${letter}' (0x${code}) at index ${at}`);
        }
    }
}
function characterOf(value) {
    if (typeof value === 'string' && codePointLength(value) === 1)
        return value;
    if (!isIntegral(value))
        errors_raise('TypeError', '%c requires int or char');
    const code = asInt(value);
    if (code < 0 || code > 0x10ffff)
        errors_raise('OverflowError', '%c arg not in range(0x110000)');
    return String.fromCodePoint(Number(code));
}
function percent_signOf(negative, flags) {
    return negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}
function integerOf(evaluation, value, letter, field) {
    const base = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
    if (!isNumeric(value))
        errors_raise('TypeError', `%${letter} format: a real number is required, not ${typeName(value)}`);
    if (base !== 10 && isFloat(value))
        errors_raise('TypeError', `%${letter} format: an integer is required, not float`);
    const int = toInteger(value);
    const negative = int < 0;
    const size = typeof int === 'bigint' ? (negative ? -int : int) : Math.abs(int);
    let digits = typeof size === 'bigint' && base === 10 ? bigText(evaluation, size) : size.toString(base);
    digits = digits.padStart(field.precision, '0');
    if (field.flags.includes('#') && base !== 10)
        digits = `0${letter.toLowerCase()}${digits}`;
    if (letter === 'X')
        digits = digits.toUpperCase();
    return percent_signOf(negative, field.flags) + digits;
}
function floatOf(value, letter, field) {
    const x = asDouble(value);
    const size = Math.abs(x);
    const precision = field.precision < 0 ? 6 : field.precision;
    const alternate = field.flags.includes('#');
    const kind = letter.toLowerCase();
    let body;
    if (!Number.isFinite(x))
        body = Number.isNaN(x) ? 'nan' : 'inf';
    else if (kind === 'f')
        body = fixedText(size, precision);
    else if (kind === 'e')
        body = exponentText(size, precision);
    else
        body = generalText(size, precision, alternate, false);
    if (alternate && Number.isFinite(x) && !body.includes('.'))
        body = body.replace(/^[0-9]+/, (digits) => `${digits}.`);
    if (letter !== kind)
        body = body.toUpperCase();
    return percent_signOf(x < 0 || Object.is(x, -0), field.flags) + body;
}
function percent_place(field, letter, text) {
    const missing = field.width - codePointLength(text);
    if (missing <= 0)
        return text;
    if (field.flags.includes('-'))
        return text + ' '.repeat(missing);
    if (!field.flags.includes('0') || 'srac'.includes(letter))
        return ' '.repeat(missing) + text;
    const prefix = /^[-+ ]?(?:0[xXo])?/.exec(text)?.[0] ?? '';
    return prefix + '0'.repeat(missing) + text.slice(prefix.length);
}

;// CONCATENATED MODULE: ./build/expression/arithmetic.js
// Python's operators on values: + - * / // % ** << >> & | ^ ~ and unary signs. Numbers first, since they are the hot path.








const MAX = Number.MAX_SAFE_INTEGER;
/** Admits a big int by its bits and pays for it. */
function admitInt(evaluation, value) {
    const int = values_makeInt(value);
    if (typeof int === 'number')
        return int;
    const bits = int.toString(16).length * 4;
    if (bits > evaluation.limits.integerBits)
        raiseBits(evaluation, bits);
    spend(evaluation, bits >> 6);
    return int;
}
function raiseBits(evaluation, bits) {
    return raiseLimit(`an integer of about ${Math.round(bits)} bits (limit ${evaluation.limits.integerBits})`);
}
function unsupported(operator, a, b) {
    return errors_raise('TypeError', `unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
}
/** `a + b`. */
function add(evaluation, a, b) {
    if (typeof a === 'number' && typeof b === 'number') {
        const sum = a + b;
        if (!Number.isInteger(sum))
            return sum;
        if (!Number.isInteger(a) || !Number.isInteger(b))
            return new PyFloat(sum);
        return sum <= MAX && sum >= -MAX ? sum : BigInt(a) + BigInt(b);
    }
    if (typeof a === 'string' && typeof b === 'string') {
        admitText(evaluation, a.length + b.length);
        return a + b;
    }
    if (a instanceof PyList)
        return addLists(evaluation, a, b);
    if (isNumeric(a) && isNumeric(b)) {
        if (isFloat(a) || isFloat(b))
            return makeFloat(asDouble(a) + asDouble(b));
        return admitInt(evaluation, BigInt(a) + BigInt(b));
    }
    if (a instanceof PyTuple && b instanceof PyTuple) {
        admitItems(evaluation, a.items.length + b.items.length);
        return new PyTuple(a.items.concat(b.items));
    }
    if (typeof a === 'string')
        return errors_raise('TypeError', `can only concatenate str (not "${typeName(b)}") to str`);
    if (a instanceof PyTuple)
        return errors_raise('TypeError', `can only concatenate tuple (not "${typeName(b)}") to tuple`);
    throw unsupported('+', a, b);
}
// `path + [x]` in a loop would be quadratic. When `a` ends where its array ends, the items are appended to that
// array and both lists share it, each with its own length.
function addLists(evaluation, a, b) {
    if (!(b instanceof PyList)) {
        return errors_raise('TypeError', `can only concatenate list (not "${typeName(b)}") to list`);
    }
    const length = a.length + b.length;
    if (length > evaluation.limits.collection)
        admitItems(evaluation, length);
    const { items } = a;
    if (items.length === a.length && items !== b.items) {
        spend(evaluation, b.length);
        for (let i = 0; i < b.length; i++)
            items.push(b.items[i]);
        a.shared = true;
        return new PyList(items, length, true);
    }
    spend(evaluation, length);
    const copy = items.slice(0, a.length);
    for (let i = 0; i < b.length; i++)
        copy.push(b.items[i]);
    return new PyList(copy);
}
/** `a - b`. */
function subtract(evaluation, a, b) {
    if (typeof a === 'number' && typeof b === 'number') {
        const difference = a - b;
        if (!Number.isInteger(difference))
            return difference;
        if (!Number.isInteger(a) || !Number.isInteger(b))
            return new PyFloat(difference);
        return difference <= MAX && difference >= -MAX ? difference : BigInt(a) - BigInt(b);
    }
    if (isNumeric(a) && isNumeric(b)) {
        if (isFloat(a) || isFloat(b))
            return makeFloat(asDouble(a) - asDouble(b));
        return admitInt(evaluation, BigInt(a) - BigInt(b));
    }
    if (isSetLike(a) && isSetLike(b))
        return combineSets(evaluation, '-', a, b);
    throw unsupported('-', a, b);
}
/** `a * b`. */
function multiply(evaluation, a, b) {
    if (typeof a === 'number' && typeof b === 'number') {
        const product = a * b;
        if (!Number.isInteger(product))
            return product;
        if (!Number.isInteger(a) || !Number.isInteger(b))
            return new PyFloat(product);
        // Adding 0 turns -0 into the int 0.
        return product <= MAX && product >= -MAX ? product + 0 : admitInt(evaluation, BigInt(a) * BigInt(b));
    }
    if (isNumeric(a) && isNumeric(b)) {
        if (isFloat(a) || isFloat(b))
            return makeFloat(asDouble(a) * asDouble(b));
        return admitInt(evaluation, BigInt(a) * BigInt(b));
    }
    if (isSequence(a) && isIntegral(b))
        return repeat(evaluation, a, asInt(b));
    if (isSequence(b) && isIntegral(a))
        return repeat(evaluation, b, asInt(a));
    if (isSequence(a))
        return errors_raise('TypeError', `can't multiply sequence by non-int of type '${typeName(b)}'`);
    if (isSequence(b))
        return errors_raise('TypeError', `can't multiply sequence by non-int of type '${typeName(a)}'`);
    throw unsupported('*', a, b);
}
function isSequence(value) {
    return typeof value === 'string' || value instanceof PyList || value instanceof PyTuple;
}
function repeat(evaluation, sequence, times) {
    const count = times < 0 ? 0 : Number(times);
    if (typeof sequence === 'string') {
        if (sequence === '')
            return '';
        admitText(evaluation, sequence.length * count);
        return sequence.repeat(count);
    }
    const source = sequence.items;
    const length = sequence instanceof PyList ? sequence.length : source.length;
    const items = [];
    if (length > 0) {
        admitItems(evaluation, length * count);
        for (let i = 0; i < count; i++)
            for (let j = 0; j < length; j++)
                items.push(source[j]);
    }
    return sequence instanceof PyList ? new PyList(items) : new PyTuple(items);
}
/** `a / b`: always a float, correctly rounded for big ints too. */
function divide(_evaluation, a, b) {
    if (!isNumeric(a) || !isNumeric(b))
        throw unsupported('/', a, b);
    if (isFloat(a) || isFloat(b)) {
        const divisor = asDouble(b);
        if (divisor === 0)
            errors_raise('ZeroDivisionError', 'float division by zero');
        return makeFloat(asDouble(a) / divisor);
    }
    const x = asInt(a);
    const y = asInt(b);
    if (y === 0)
        errors_raise('ZeroDivisionError', 'division by zero');
    if (typeof x === 'number' && typeof y === 'number')
        return makeFloat(x / y);
    return makeFloat(divideBig(BigInt(x), BigInt(y)));
}
// The quotient is taken to 66 bits and a sticky bit, which Number() then rounds once, half to even.
function divideBig(a, b) {
    const negative = a < 0n !== b < 0n;
    if (a < 0n)
        a = -a;
    if (b < 0n)
        b = -b;
    if (a === 0n)
        return negative ? -0 : 0;
    const shift = Math.min(66 - (bitLength(a) - bitLength(b)), 1140);
    const numerator = shift >= 0 ? a << BigInt(shift) : a;
    const denominator = shift >= 0 ? b : b << BigInt(-shift);
    let quotient = numerator / denominator;
    if (numerator % denominator !== 0n)
        quotient |= 1n;
    const x = Number(quotient);
    const size = shift > 1000 ? x * 2 ** -(shift - 500) * 2 ** -500 : x * 2 ** -shift;
    if (!Number.isFinite(size))
        errors_raise('OverflowError', 'integer division result too large for a float');
    return negative ? -size : size;
}
/** `a // b`: rounds down. */
function floorDivide(_evaluation, a, b) {
    if (!isNumeric(a) || !isNumeric(b))
        throw unsupported('//', a, b);
    if (isFloat(a) || isFloat(b)) {
        const divisor = asDouble(b);
        if (divisor === 0)
            errors_raise('ZeroDivisionError', 'float floor division by zero');
        return makeFloat(floorDivideDoubles(asDouble(a), divisor));
    }
    const x = asInt(a);
    const y = asInt(b);
    if (y === 0)
        errors_raise('ZeroDivisionError', 'integer division or modulo by zero');
    if (typeof x === 'number' && typeof y === 'number') {
        const rest = x % y;
        const quotient = (x - rest) / y - (rest !== 0 && rest < 0 !== y < 0 ? 1 : 0);
        return quotient + 0;
    }
    const p = BigInt(x);
    const q = BigInt(y);
    return values_makeInt(p / q - (p % q !== 0n && p < 0n !== q < 0n ? 1n : 0n));
}
// CPython's float_floor_div: the quotient follows from the remainder, so that x == (x // y) * y + x % y nearly holds.
function floorDivideDoubles(x, y) {
    let rest = x % y;
    let quotient = (x - rest) / y;
    if (rest !== 0 && rest < 0 !== y < 0) {
        rest += y;
        quotient -= 1;
    }
    if (quotient === 0)
        return x / y < 0 || Object.is(x / y, -0) ? -0 : 0;
    const floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
}
/** `a % b`: the sign of `b` for numbers, formatting for a string. */
function modulo(evaluation, a, b) {
    if (typeof a === 'string')
        return percentFormat(evaluation, a, b);
    if (!isNumeric(a) || !isNumeric(b))
        throw unsupported('%', a, b);
    if (isFloat(a) || isFloat(b)) {
        const divisor = asDouble(b);
        if (divisor === 0)
            errors_raise('ZeroDivisionError', 'float modulo');
        return makeFloat(moduloDoubles(asDouble(a), divisor));
    }
    const x = asInt(a);
    const y = asInt(b);
    if (y === 0)
        errors_raise('ZeroDivisionError', 'integer modulo by zero');
    if (typeof x === 'number' && typeof y === 'number') {
        const rest = x % y;
        return (rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest) + 0;
    }
    const q = BigInt(y);
    const rest = BigInt(x) % q;
    return values_makeInt(rest !== 0n && rest < 0n !== q < 0n ? rest + q : rest);
}
function moduloDoubles(x, y) {
    const rest = x % y;
    if (rest === 0)
        return y < 0 ? -0 : 0;
    return rest < 0 !== y < 0 ? rest + y : rest;
}
/** `a ** b`. A negative exponent gives a float; a complex result is a ValueError, since there are no complex numbers. */
function arithmetic_power(evaluation, a, b) {
    if (!isNumeric(a) || !isNumeric(b))
        throw unsupported('** or pow()', a, b);
    if (isFloat(a) || isFloat(b))
        return makeFloat(powerDoubles(asDouble(a), asDouble(b)));
    const base = asInt(a);
    const exponent = asInt(b);
    if (exponent < 0)
        return makeFloat(powerDoubles(asDouble(base), asDouble(exponent)));
    if (exponent === 0 || base === 1)
        return 1;
    if (base === 0)
        return 0;
    if (base === -1)
        return BigInt(exponent) % 2n === 0n ? 1 : -1;
    // An over-estimate of the result's bits, in integer arithmetic, so that the limit is the same on every machine.
    const bits = bitLength(base < 0 ? -BigInt(base) : BigInt(base)) * Number(exponent);
    if (bits - Number(exponent) > evaluation.limits.integerBits)
        raiseBits(evaluation, bits);
    spend(evaluation, bits >> 5);
    return admitInt(evaluation, BigInt(base) ** BigInt(exponent));
}
function powerDoubles(x, y) {
    if (x === 0 && y < 0)
        errors_raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
    if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) {
        errors_raise('ValueError', 'the result would be a complex number, which the language does not have');
    }
    const result = power(x, y);
    if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y)) {
        errors_raise('OverflowError', "(34, 'Numerical result out of range')");
    }
    return result;
}
/** `a | b`, `a & b`, `a ^ b`, `a << b`, `a >> b`. */
function bitwise(evaluation, operator, a, b) {
    if (isIntegral(a) && isIntegral(b)) {
        if (operator === '<<' || operator === '>>')
            return shift(evaluation, operator, asInt(a), asInt(b));
        if (typeof a === 'boolean' && typeof b === 'boolean') {
            return operator === '&' ? a && b : operator === '|' ? a || b : a !== b;
        }
        const x = BigInt(a);
        const y = BigInt(b);
        return values_makeInt(operator === '&' ? x & y : operator === '|' ? x | y : x ^ y);
    }
    if (operator !== '<<' && operator !== '>>' && isSetLike(a) && isSetLike(b)) {
        return combineSets(evaluation, operator, a, b);
    }
    if (operator === '|' && a instanceof PyDict && b instanceof PyDict) {
        const merged = dictCopy(evaluation, a);
        dictMerge(evaluation, merged, b);
        return merged;
    }
    throw unsupported(operator, a, b);
}
function shift(evaluation, operator, value, by) {
    if (by < 0)
        errors_raise('ValueError', 'negative shift count');
    if (value === 0)
        return 0;
    if (operator === '>>')
        return typeof by === 'bigint' ? (value < 0 ? -1 : 0) : values_makeInt(BigInt(value) >> BigInt(by));
    if (by > evaluation.limits.integerBits)
        raiseBits(evaluation, Number(by));
    return admitInt(evaluation, BigInt(value) << BigInt(by));
}
/** `-a`. */
function negate(_evaluation, a) {
    if (typeof a === 'number')
        return Number.isInteger(a) ? 0 - a : -a;
    if (typeof a === 'bigint')
        return values_makeInt(-a);
    if (typeof a === 'boolean')
        return a ? -1 : 0;
    if (a instanceof PyFloat)
        return new PyFloat(-a.value);
    return errors_raise('TypeError', `bad operand type for unary -: '${typeName(a)}'`);
}
/** `+a`. */
function arithmetic_plus(_evaluation, a) {
    if (typeof a === 'boolean')
        return a ? 1 : 0;
    if (isNumeric(a))
        return a;
    return errors_raise('TypeError', `bad operand type for unary +: '${typeName(a)}'`);
}
/** `~a`. */
function invert(_evaluation, a) {
    if (isIntegral(a))
        return values_makeInt(~BigInt(a));
    return errors_raise('TypeError', `bad operand type for unary ~: '${typeName(a)}'`);
}

;// CONCATENATED MODULE: ./build/expression/math-functions.js
// Python's `math`: as a module, and as plain names, which Octobatch's expressions use.










/** An argument as a double; TypeError when it is no number. */
function doubleArgument(value) {
    if (value !== undefined && isNumeric(value))
        return asDouble(value);
    return errors_raise('TypeError', `must be real number, not ${typeName(value ?? null)}`);
}
/** An argument as an int; TypeError when it is none. */
function math_functions_intArgument(value) {
    if (value !== undefined && isIntegral(value))
        return asInt(value);
    return errors_raise('TypeError', `'${typeName(value ?? null)}' object cannot be interpreted as an integer`);
}
// CPython's rule: nan from a number is a domain error, inf from a finite number an overflow.
function checked(argument, result, infinityIsDomain) {
    if (Number.isNaN(result) && !Number.isNaN(argument))
        errors_raise('ValueError', 'math domain error');
    if (!Number.isFinite(result) && Number.isFinite(argument)) {
        if (infinityIsDomain)
            errors_raise('ValueError', 'math domain error');
        errors_raise('OverflowError', 'math range error');
    }
    return makeFloat(result);
}
function oneArgument(name, compute) {
    const infinityIsDomain = name === 'log1p' || name === 'atanh';
    return builtin(`${name}(x, /)`, (_evaluation, [x]) => {
        const argument = doubleArgument(x);
        return checked(argument, compute(argument), infinityIsDomain);
    });
}
// Big ints have logarithms beyond the doubles: log(m * 2^k) = log(m) + k * log(2).
function logOf(value, compute) {
    if (typeof value === 'bigint' && value > 0n) {
        const bits = bitLength(value);
        if (bits > 1000)
            return compute(Number(value >> BigInt(bits - 64))) + (bits - 64) * compute(2);
    }
    const x = typeof value === 'bigint' ? Number(value) : doubleArgument(value);
    if (x <= 0)
        errors_raise('ValueError', 'math domain error');
    return compute(x);
}
function log(_evaluation, [value, base]) {
    const numerator = logOf(value, logarithm);
    if (base === undefined)
        return makeFloat(numerator);
    const denominator = logOf(base, logarithm);
    if (denominator === 0)
        errors_raise('ZeroDivisionError', 'float division by zero');
    return makeFloat(numerator / denominator);
}
function rounded(name, compute) {
    return builtin(`${name}(x, /)`, (_evaluation, [x]) => {
        if (x !== undefined && isIntegral(x))
            return asInt(x);
        return toInteger(makeFloat(compute(doubleArgument(x))));
    });
}
function factorial(evaluation, [value]) {
    const n = math_functions_intArgument(value);
    if (n < 0)
        errors_raise('ValueError', 'factorial() not defined for negative values');
    if (n > 3000)
        raiseLimit(`the factorial of ${n} (limit 3000)`);
    let result = 1n;
    for (let i = 2n; i <= BigInt(n); i++) {
        spend(evaluation, 1 + (Number(i) >> 8));
        result *= i;
    }
    return admitInt(evaluation, result);
}
function binomial(evaluation, name, n, k) {
    const total = math_functions_intArgument(n);
    const chosen = k === undefined || k === null ? total : math_functions_intArgument(k);
    if (total < 0 || chosen < 0)
        errors_raise('ValueError', `${name}() arguments must be non-negative integers`);
    if (chosen > total)
        return 0;
    const fromOther = name === 'comb' && BigInt(total) - BigInt(chosen) < BigInt(chosen);
    const steps = fromOther ? BigInt(total) - BigInt(chosen) : BigInt(chosen);
    if (steps > 10000n)
        raiseLimit(`${name}() of more than 10000 factors`);
    let result = 1n;
    for (let i = 0n; i < steps; i++) {
        result *= BigInt(total) - i;
        if (name === 'comb')
            result /= i + 1n;
        admitInt(evaluation, result);
        spend(evaluation, 1);
    }
    return values_makeInt(result);
}
function gcdOf(evaluation, a, b) {
    const cost = 1 + (bitLength(b < 0n ? -b : b) >> 9);
    while (b !== 0n) {
        spend(evaluation, cost);
        [a, b] = [b, a % b];
    }
    return a < 0n ? -a : a;
}
function foldInts(name, first, step) {
    return new PyFunction(name, (evaluation, positional, named) => {
        refuseNamed(name, named);
        let result = first;
        for (const value of positional)
            result = step(evaluation, result, BigInt(math_functions_intArgument(value)));
        return admitInt(evaluation, result);
    });
}
function leastCommonMultiple(evaluation, a, b) {
    if (a === 0n || b === 0n)
        return 0n;
    const product = (a / gcdOf(evaluation, a, b)) * b;
    admitInt(evaluation, product);
    return product < 0n ? -product : product;
}
function integerRoot(evaluation, [value]) {
    const n = BigInt(math_functions_intArgument(value));
    if (n < 0n)
        errors_raise('ValueError', 'isqrt() argument must be nonnegative');
    if (n === 0n)
        return 0;
    // Newton's method from above.
    const bits = bitLength(n);
    let root = 1n << BigInt((bits + 1) >> 1);
    for (;;) {
        spendSquare(evaluation, bits);
        const next = (root + n / root) >> 1n;
        if (next >= root)
            return values_makeInt(root);
        root = next;
    }
}
function product(evaluation, [iterable, start]) {
    let result = start ?? 1;
    for (const item of iterate(iterable)) {
        spend(evaluation, 1);
        result = multiply(evaluation, result, item);
    }
    return result;
}
// Exact sum of doubles, rounded once: Shewchuk's partials, as CPython's math.fsum.
function math_functions_exactSum(evaluation, [iterable]) {
    const partials = [];
    let special = 0;
    for (const item of iterate(iterable)) {
        spend(evaluation, 1);
        let x = doubleArgument(item);
        if (!Number.isFinite(x)) {
            special += x;
            continue;
        }
        let kept = 0;
        for (const partial of partials) {
            const [large, small] = Math.abs(x) < Math.abs(partial) ? [partial, x] : [x, partial];
            const high = large + small;
            const low = small - (high - large);
            if (low !== 0)
                partials[kept++] = low;
            x = high;
        }
        partials.length = kept;
        partials.push(x);
    }
    if (special !== 0 || Number.isNaN(special))
        return special;
    return makeFloat(roundPartials(partials));
}
function roundPartials(partials) {
    let n = partials.length;
    if (n === 0)
        return 0;
    let high = partials[--n];
    let low = 0;
    while (n > 0) {
        const x = high;
        const y = partials[--n];
        high = x + y;
        low = y - (high - x);
        if (low !== 0)
            break;
    }
    // Half-way cases are decided by the sign of what is left.
    if (n > 0 && ((low < 0 && partials[n - 1] < 0) || (low > 0 && partials[n - 1] > 0))) {
        const y = low * 2;
        const x = high + y;
        if (y === x - high)
            high = x;
    }
    return high;
}
// Squares are summed after scaling by a power of two, so that they neither overflow nor vanish.
function math_functions_length(evaluation, coordinates) {
    spend(evaluation, coordinates.length);
    const sizes = coordinates.map(Math.abs);
    if (sizes.includes(Infinity))
        return Infinity;
    const largest = sizes.reduce((a, b) => (Number.isNaN(b) || b > a ? b : a), 0);
    if (largest === 0 || Number.isNaN(largest))
        return makeFloat(largest);
    let scale = 1;
    while (largest / scale > 2 ** 500)
        scale *= 2 ** 500;
    while (largest / scale < 2 ** -500)
        scale /= 2 ** 500;
    let sum = 0;
    let lost = 0;
    for (const size of sizes) {
        const x = size / scale;
        const square = x * x;
        const total = sum + square;
        lost += Math.abs(sum) >= square ? sum - total + square : square - total + sum;
        sum = total;
    }
    return makeFloat(Math.sqrt(sum + lost) * scale);
}
function splitExponent(_evaluation, [value]) {
    let mantissa = doubleArgument(value);
    if (mantissa === 0 || !Number.isFinite(mantissa))
        return new PyTuple([makeFloat(mantissa), 0]);
    let exponent = 0;
    while (Math.abs(mantissa) >= 1) {
        mantissa /= 2;
        exponent++;
    }
    while (Math.abs(mantissa) < 0.5) {
        mantissa *= 2;
        exponent--;
    }
    return new PyTuple([makeFloat(mantissa), exponent]);
}
function scaleByPower(_evaluation, [value, exponent]) {
    const x = doubleArgument(value);
    const by = Math.max(-3000, Math.min(3000, Number(math_functions_intArgument(exponent))));
    if (x === 0 || !Number.isFinite(x))
        return makeFloat(x);
    // Halving is exact until the last step, which rounds once: go down in large steps that stay normal.
    let result = x;
    let left = by;
    for (; left > 1000; left -= 1000)
        result *= 2 ** 1000;
    for (; left < -1000 && Math.abs(result) > 2 ** -20; left += 1000)
        result *= 2 ** -1000;
    result = left >= -1022 ? result * 2 ** left : result * 2 ** -1000 * 2 ** Math.max(left + 1000, -1074);
    if (!Number.isFinite(result))
        errors_raise('OverflowError', 'math range error');
    return makeFloat(result);
}
function isClose(evaluation, [a, b, relative, absolute]) {
    const x = doubleArgument(a);
    const y = doubleArgument(b);
    const rel = relative === undefined ? 1e-9 : doubleArgument(relative);
    const abs = absolute === undefined ? 0 : doubleArgument(absolute);
    if (rel < 0 || abs < 0)
        errors_raise('ValueError', 'tolerances must be non-negative');
    if (x === y)
        return true;
    if (!Number.isFinite(x) || !Number.isFinite(y))
        return false;
    const difference = makeFloat(Math.abs(x - y));
    const allowed = makeFloat(Math.max(rel * Math.max(Math.abs(x), Math.abs(y)), abs));
    return compare(evaluation, '<=', difference, allowed);
}
function floatPower(_evaluation, [base, exponent]) {
    const x = doubleArgument(base);
    const y = doubleArgument(exponent);
    if (x === 0 && y < 0)
        errors_raise('ValueError', 'math domain error');
    const result = power(x, y);
    if (Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y))
        errors_raise('ValueError', 'math domain error');
    if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y))
        errors_raise('OverflowError', 'math range error');
    return makeFloat(result);
}
const FUNCTIONS = [
    ...[...ELEMENTARY].map(([name, compute]) => oneArgument(name, compute)),
    oneArgument('sqrt', Math.sqrt),
    oneArgument('fabs', Math.abs),
    oneArgument('degrees', (x) => x * (180 / Math.PI)),
    oneArgument('radians', (x) => x * (Math.PI / 180)),
    builtin('log(x, base?, /)', log),
    builtin('log10(x, /)', (_evaluation, [x]) => makeFloat(logOf(x, logarithm10))),
    builtin('log2(x, /)', (_evaluation, [x]) => makeFloat(logOf(x, logarithm2))),
    rounded('floor', Math.floor),
    rounded('ceil', Math.ceil),
    rounded('trunc', Math.trunc),
    builtin('isnan(x, /)', (_evaluation, [x]) => Number.isNaN(doubleArgument(x))),
    builtin('isinf(x, /)', (_evaluation, [x]) => Math.abs(doubleArgument(x)) === Infinity),
    builtin('isfinite(x, /)', (_evaluation, [x]) => Number.isFinite(doubleArgument(x))),
    builtin('isclose(a, b, /, *, rel_tol?, abs_tol?)', isClose),
    builtin('atan2(y, x, /)', (_evaluation, [y, x]) => makeFloat(arctangent2(doubleArgument(y), doubleArgument(x)))),
    builtin('fmod(x, y, /)', (_evaluation, [x, y]) => {
        const result = doubleArgument(x) % doubleArgument(y);
        if (Number.isNaN(result) && !Number.isNaN(doubleArgument(x)) && !Number.isNaN(doubleArgument(y))) {
            errors_raise('ValueError', 'math domain error');
        }
        return makeFloat(result);
    }),
    builtin('copysign(x, y, /)', (_evaluation, [x, y]) => {
        const sign = doubleArgument(y);
        const size = Math.abs(doubleArgument(x));
        return makeFloat(sign < 0 || Object.is(sign, -0) ? -size : size);
    }),
    builtin('pow(x, y, /)', floatPower),
    builtin('modf(x, /)', (_evaluation, [value]) => {
        const x = doubleArgument(value);
        const whole = Math.trunc(x);
        const fraction = Number.isFinite(x) ? x - whole : Number.isNaN(x) ? x : 0;
        const signed = x < 0 || Object.is(x, -0) ? -Math.abs(fraction) : fraction;
        return new PyTuple([makeFloat(signed), makeFloat(whole)]);
    }),
    builtin('frexp(x, /)', splitExponent),
    builtin('ldexp(x, i, /)', scaleByPower),
    builtin('factorial(x, /)', factorial),
    builtin('comb(n, k, /)', (evaluation, [n, k]) => binomial(evaluation, 'comb', n, k)),
    builtin('perm(n, k?, /)', (evaluation, [n, k]) => binomial(evaluation, 'perm', n, k)),
    builtin('isqrt(n, /)', integerRoot),
    builtin('prod(iterable, /, *, start?)', product),
    builtin('fsum(seq, /)', math_functions_exactSum),
    foldInts('gcd', 0n, gcdOf),
    foldInts('lcm', 1n, leastCommonMultiple),
    new PyFunction('hypot', (evaluation, positional, named) => {
        refuseNamed('hypot', named);
        return math_functions_length(evaluation, positional.map(doubleArgument));
    }),
    builtin('dist(p, q, /)', (evaluation, [p, q]) => {
        const a = toItems(evaluation, p).map(doubleArgument);
        const b = toItems(evaluation, q).map(doubleArgument);
        if (a.length !== b.length)
            errors_raise('ValueError', 'both points must have the same number of dimensions');
        return math_functions_length(evaluation, a.map((x, i) => x - b[i]));
    }),
];
/** Everything of Python's `math` that the language has. */
const MATH_MEMBERS = new Map([
    ['pi', Math.PI],
    ['e', Math.E],
    ['tau', 2 * Math.PI],
    ['inf', Infinity],
    ['nan', Number.NaN],
    ...FUNCTIONS.map((entry) => [entry.name, entry]),
]);
/** The module `math`. */
const MATH = new PyModule('math', MATH_MEMBERS);

;// CONCATENATED MODULE: ./build/expression/distributions.js
// Draws from continuous distributions, by the algorithms of CPython 3.11's `random`, and a Poisson draw of our own.
// All arguments and results are doubles.


const TWO_PI = 2 * Math.PI;
// The second value of the last pair, which belongs to the state of the source.
const SPARE = new WeakMap();
/** Normal draw by Box and Muller; every second call uses up the spare value. Source: CPython `Random.gauss`. */
function drawGauss(source, mean, deviation) {
    if (source.mirrors !== undefined)
        return mean - drawGauss(source.mirrors, 0, 1) * deviation;
    const spare = SPARE.get(source);
    if (spare !== undefined) {
        SPARE.delete(source);
        return mean + spare * deviation;
    }
    const angle = source.double() * TWO_PI;
    const radius = Math.sqrt(-2 * logarithm(1 - source.double()));
    SPARE.set(source, sine(angle) * radius);
    return mean + cosine(angle) * radius * deviation;
}
// 4 * exp(-0.5) / sqrt(2)
const NORMAL_FACTOR = 1.7155277699214135;
/** Normal draw by Kinderman and Monahan. Source: CPython `Random.normalvariate`. */
function drawNormal(source, mean, deviation) {
    if (source.mirrors !== undefined)
        return mean - drawNormal(source.mirrors, 0, 1) * deviation;
    for (;;) {
        const u1 = source.double();
        const u2 = 1 - source.double();
        const z = (NORMAL_FACTOR * (u1 - 0.5)) / u2;
        if ((z * z) / 4 <= -logarithm(u2))
            return mean + z * deviation;
    }
}
/** Exponential draw with the given rate. */
function drawExponential(source, rate) {
    return divided(-logarithm(1 - source.double()), rate);
}
function divided(x, y) {
    return y === 0 ? errors_raise('ZeroDivisionError', 'float division by zero') : x / y;
}
/** Triangular draw; `mode` null means the middle. */
function drawTriangular(source, low, high, mode) {
    let u = source.double();
    if (mode !== null && high === low)
        return low;
    let c = mode === null ? 0.5 : (mode - low) / (high - low);
    if (u > c) {
        u = 1 - u;
        c = 1 - c;
        [low, high] = [high, low];
    }
    return low + (high - low) * Math.sqrt(u * c);
}
const LOG4 = 1.3862943611198906;
const GAMMA_FACTOR = 2.504077396776274;
/** Gamma draw with mean `alpha * beta`. Source: CPython `Random.gammavariate` (Cheng; Ahrens and Dieter below 1). */
function drawGamma(source, alpha, beta) {
    if (alpha <= 0 || beta <= 0)
        errors_raise('ValueError', 'gammavariate: alpha and beta must be > 0.0');
    if (alpha > 1) {
        const inverse = Math.sqrt(2 * alpha - 1);
        const b = alpha - LOG4;
        const c = alpha + inverse;
        for (;;) {
            const u1 = source.double();
            if (!(u1 > 1e-7 && u1 < 0.9999999))
                continue;
            const u2 = 1 - source.double();
            const v = logarithm(u1 / (1 - u1)) / inverse;
            const x = alpha * exponential(v);
            const z = u1 * u1 * u2;
            const r = b + c * v - x;
            if (r + GAMMA_FACTOR - 4.5 * z >= 0 || r >= logarithm(z))
                return x * beta;
        }
    }
    if (alpha === 1)
        return -logarithm(1 - source.double()) * beta;
    for (;;) {
        const b = (Math.E + alpha) / Math.E;
        const p = b * source.double();
        const x = p <= 1 ? power(p, 1 / alpha) : -logarithm((b - p) / alpha);
        const u1 = source.double();
        if (p > 1 ? u1 <= power(x, alpha - 1) : u1 <= exponential(-x))
            return x * beta;
    }
}
/** Beta draw. */
function drawBeta(source, alpha, beta) {
    const y = drawGamma(source, alpha, 1);
    return y === 0 ? 0 : y / (y + drawGamma(source, beta, 1));
}
/** Pareto draw with the given shape. */
function drawPareto(source, alpha) {
    return power(1 - source.double(), divided(-1, alpha));
}
/** Weibull draw. */
function drawWeibull(source, alpha, beta) {
    return alpha * power(-logarithm(1 - source.double()), divided(1, beta));
}
/** Von Mises draw: an angle in [0, 2 pi). Source: CPython `Random.vonmisesvariate` (Best and Fisher). */
function drawVonMises(source, mean, kappa, arccosine) {
    if (kappa <= 1e-6)
        return TWO_PI * source.double();
    const s = 0.5 / kappa;
    const r = s + Math.sqrt(1 + s * s);
    for (;;) {
        const z = cosine(Math.PI * source.double());
        const d = z / (r + z);
        const u2 = source.double();
        if (!(u2 < 1 - d * d || u2 <= (1 - d) * exponential(d)))
            continue;
        const q = 1 / r;
        const angle = arccosine((q + z) / (1 + q * z));
        const turned = source.double() > 0.5 ? mean + angle : mean - angle;
        const rest = turned % TWO_PI;
        return rest < 0 ? rest + TWO_PI : rest;
    }
}
/**
 * Poisson draw, which Python's `random` lacks: uniforms are multiplied until their product falls below exp(-mean),
 * in portions of at most 30, so that the product stays far from zero. `pay` is called once per uniform.
 */
function drawPoisson(source, mean, pay) {
    let count = 0;
    for (let left = mean; left > 0; left -= 30) {
        const limit = exponential(-Math.min(left, 30));
        for (let product = source.double(); product > limit; product *= source.double()) {
            pay();
            count++;
        }
    }
    return count;
}

;// CONCATENATED MODULE: ./build/expression/random.js
// The port to a unit's random numbers, and the draws of whole numbers built on it. It owns no generator: streams come
// from outside. On a Mersenne Twister source every draw equals CPython's `random.Random`, which uses the same steps.
/** A whole number in [0, limit), unbiased: as many bits as `limit` has, drawn again until below it. */
function drawBelow(source, limit) {
    if (limit <= 0)
        return 0;
    if (source.below !== undefined)
        return source.below(limit);
    if (limit < 2 ** 32) {
        const unused = Math.clz32(limit);
        let draw = source.uint32() >>> unused;
        while (draw >= limit)
            draw = source.uint32() >>> unused;
        return draw;
    }
    let draw = Number(drawBits(source, bitsOf(limit)));
    while (draw >= limit)
        draw = Number(drawBits(source, bitsOf(limit)));
    return draw;
}
function bitsOf(limit) {
    return 64 - Math.clz32(Math.floor(limit / 2 ** 32));
}
/** `bits` random bits; the first draw gives the lowest 32. */
function drawBits(source, bits) {
    let result = 0n;
    for (let done = 0; done < bits; done += 32) {
        const wanted = Math.min(32, bits - done);
        result |= BigInt(source.uint32() >>> (32 - wanted)) << BigInt(done);
    }
    return result;
}
/** As `drawBelow` for limits beyond 2^53. */
function drawBelowBig(source, limit) {
    if (source.mirrors !== undefined)
        return limit - 1n - drawBelowBig(source.mirrors, limit);
    const bits = limit.toString(2).length;
    let draw = drawBits(source, bits);
    while (draw >= limit)
        draw = drawBits(source, bits);
    return draw;
}
/** Puts the items in a random order in place: from the last down, each swapped with one at or below it. */
function shuffleItems(source, items) {
    for (let i = items.length - 1; i > 0; i--) {
        const j = drawBelow(source, i + 1);
        const item = items[i];
        items[i] = items[j];
        items[j] = item;
    }
}
/** `count` of the items without replacement, in the order drawn. `count` is at most the number of items. */
function sampleItems(source, items, count) {
    const result = [];
    // Small samples of large populations remember what was taken; others draw from a shrinking pool.
    let poolSize = 21;
    if (count > 5) {
        let power = 1;
        while (power < count * 3)
            power *= 4;
        poolSize += power;
    }
    if (items.length <= poolSize) {
        const pool = items.slice();
        for (let i = 0; i < count; i++) {
            const j = drawBelow(source, items.length - i);
            result.push(pool[j]);
            pool[j] = pool[items.length - i - 1];
        }
        return result;
    }
    const taken = new Set();
    for (let i = 0; i < count; i++) {
        let j = drawBelow(source, items.length);
        while (taken.has(j))
            j = drawBelow(source, items.length);
        taken.add(j);
        result.push(items[j]);
    }
    return result;
}

;// CONCATENATED MODULE: ./build/expression/random-functions.js
// The module `random` on the unit's stream. There is no `seed`: streams are named by seed, unit and step.











function sourceOf(evaluation) {
    const { random } = evaluation;
    return random ?? errors_raise('RuntimeError', 'there are no random numbers here');
}
function choice(evaluation, sequence) {
    const source = sourceOf(evaluation);
    const length = lengthOf(sequence);
    if (length === 0)
        errors_raise('IndexError', 'Cannot choose from an empty sequence');
    const at = drawBelow(source, length);
    return sequence instanceof PyList ? sequence.items[at] : getItem(evaluation, sequence, at);
}
// `width` values from `start` on, `step` apart. Beyond 2^53 the draw is made in big integers.
function drawFrom(evaluation, start, width, step) {
    const source = sourceOf(evaluation);
    if (width < 2n ** 53n)
        return values_makeInt(BigInt(start) + step * BigInt(drawBelow(source, Number(width))));
    return values_makeInt(BigInt(start) + step * drawBelowBig(source, width));
}
function randint(evaluation, low, high) {
    const a = math_functions_intArgument(low);
    const b = math_functions_intArgument(high);
    if (a > b)
        errors_raise('ValueError', `empty range for randrange() (${a}, ${BigInt(b) + 1n}, ${BigInt(b) + 1n - BigInt(a)})`);
    if (typeof a === 'number' && typeof b === 'number' && b - a < 2 ** 52) {
        return a + drawBelow(sourceOf(evaluation), b - a + 1);
    }
    return drawFrom(evaluation, a, BigInt(b) - BigInt(a) + 1n, 1n);
}
function randrange(evaluation, [first, second, third]) {
    const hasStop = second !== undefined && second !== null;
    const start = hasStop ? math_functions_intArgument(first) : 0;
    const stop = hasStop ? math_functions_intArgument(second) : math_functions_intArgument(first);
    const step = BigInt(third === undefined ? 1 : math_functions_intArgument(third));
    if (step === 0n)
        errors_raise('ValueError', 'zero step for randrange()');
    const distance = BigInt(stop) - BigInt(start);
    const width = step > 0n ? (distance + step - 1n) / step : (distance + step + 1n) / step;
    if (width <= 0n)
        errors_raise('ValueError', `empty range for randrange() (${start}, ${stop}, ${step})`);
    return drawFrom(evaluation, start, width, step);
}
function sample(evaluation, [population, k, counts]) {
    if (!random_functions_isSequence(population)) {
        return errors_raise('TypeError', 'Population must be a sequence.  For dicts or sets, use sorted(d).');
    }
    let items = givenItems(evaluation, population);
    if (counts !== undefined && counts !== null)
        items = repeated(evaluation, items, toItems(evaluation, counts));
    const count = Number(math_functions_intArgument(k));
    if (count < 0 || count > items.length)
        errors_raise('ValueError', 'Sample larger than population or is negative');
    spend(evaluation, count);
    return new PyList(sampleItems(sourceOf(evaluation), items, count));
}
// The items as they are, when nothing has to be made of them: `sampleItems` copies what it draws from.
function givenItems(evaluation, population) {
    if (!(population instanceof PyList) || population.items.length !== population.length) {
        return toItems(evaluation, population);
    }
    spend(evaluation, population.length);
    return population.items;
}
function repeated(evaluation, items, counts) {
    if (items.length !== counts.length)
        errors_raise('ValueError', 'The number of counts does not match the population');
    const result = [];
    counts.forEach((count, i) => {
        const times = Number(math_functions_intArgument(count));
        if (times < 0)
            errors_raise('ValueError', 'Counts must be non-negative');
        admitItems(evaluation, result.length + times);
        for (let j = 0; j < times; j++)
            result.push(items[i]);
    });
    return result;
}
function random_functions_isSequence(value) {
    return (typeof value === 'string' ||
        value instanceof PyList ||
        value instanceof PyTuple ||
        value instanceof PyRange);
}
function choices(evaluation, [population, weights, cumulative, k]) {
    const items = toItems(evaluation, population);
    const count = k === undefined ? 1 : Number(math_functions_intArgument(k));
    const source = sourceOf(evaluation);
    admitItems(evaluation, Math.max(0, count));
    const limits = cumulativeWeights(evaluation, weights ?? null, cumulative ?? null, items.length);
    const result = [];
    if (limits === null) {
        if (items.length === 0 && count > 0)
            errors_raise('IndexError', 'list index out of range');
        for (let i = 0; i < count; i++)
            result.push(items[Math.floor(source.double() * items.length)]);
        return new PyList(result);
    }
    const total = limits.at(-1);
    if (total <= 0)
        errors_raise('ValueError', 'Total of weights must be greater than zero');
    if (!Number.isFinite(total))
        errors_raise('ValueError', 'Total of weights must be finite');
    for (let i = 0; i < count; i++)
        result.push(items[placeIn(limits, source.double() * total)]);
    return new PyList(result);
}
function cumulativeWeights(evaluation, weights, cumulative, length) {
    if (weights !== null && cumulative !== null) {
        errors_raise('TypeError', 'Cannot specify both weights and cumulative weights');
    }
    if (weights === null && cumulative === null)
        return null;
    const given = toItems(evaluation, weights ?? cumulative).map(doubleArgument);
    if (given.length !== length)
        errors_raise('ValueError', 'The number of weights does not match the population');
    if (length === 0)
        errors_raise('IndexError', 'list index out of range');
    let total = 0;
    return weights === null ? given : given.map((weight) => (total += weight));
}
// The first place whose limit exceeds x; never beyond the last.
function placeIn(limits, x) {
    let low = 0;
    let high = limits.length - 1;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (x < limits[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
function shuffle(evaluation, list) {
    if (!(list instanceof PyList)) {
        return errors_raise('TypeError', `'${typeName(list)}' object does not support item assignment`);
    }
    spend(evaluation, list.length);
    shuffleItems(sourceOf(evaluation), own(list));
    return null;
}
function poisson(evaluation, mean) {
    if (!(mean >= 0))
        errors_raise('ValueError', 'poissonvariate: the mean must be >= 0');
    if (mean > 1e6)
        raiseLimit(`a Poisson mean of ${mean} (limit 1000000)`);
    return drawPoisson(sourceOf(evaluation), mean, () => spend(evaluation, 1));
}
// A distribution whose parameters are doubles; `defaults` for those that may be left out.
function distribution(text, defaults, draw) {
    return builtin(text, (evaluation, bound) => {
        const parameters = Array.from({ length: Math.max(bound.length, defaults.length) }, (_, i) => bound[i] === undefined && defaults[i] !== undefined ? defaults[i] : doubleArgument(bound[i]));
        // Logarithms and the like, correctly rounded, and rejected tries.
        spend(evaluation, 32);
        const value = draw(sourceOf(evaluation), ...parameters);
        if (!Number.isFinite(value) && parameters.every(Number.isFinite))
            errors_raise('OverflowError', 'math range error');
        return makeFloat(value);
    });
}
const random_functions_FUNCTIONS = [
    builtin('random()', (evaluation) => makeFloat(sourceOf(evaluation).double())),
    builtin('choice(seq)', (evaluation, [sequence]) => choice(evaluation, sequence)),
    builtin('randint(a, b)', (evaluation, [low, high]) => randint(evaluation, low, high)),
    builtin('randrange(start, stop?, step?)', randrange),
    builtin('getrandbits(k, /)', (evaluation, [k]) => {
        const bits = Number(math_functions_intArgument(k));
        if (bits < 0)
            errors_raise('ValueError', 'number of bits must be non-negative');
        if (bits > evaluation.limits.integerBits)
            raiseLimit(`${bits} random bits (limit ${evaluation.limits.integerBits})`);
        spend(evaluation, bits >> 2);
        return values_makeInt(drawBits(sourceOf(evaluation), bits));
    }),
    builtin('sample(population, k, *, counts?)', sample),
    builtin('choices(population, weights?, *, cum_weights?, k?)', choices),
    builtin('shuffle(x)', (evaluation, [list]) => shuffle(evaluation, list)),
    distribution('uniform(a, b)', [], (source, a = 0, b = 0) => a + (b - a) * source.double()),
    distribution('gauss(mu?, sigma?)', [0, 1], (source, mu = 0, sigma = 1) => drawGauss(source, mu, sigma)),
    distribution('normalvariate(mu?, sigma?)', [0, 1], (source, mu = 0, sigma = 1) => drawNormal(source, mu, sigma)),
    distribution('lognormvariate(mu, sigma)', [], (source, mu = 0, sigma = 1) => exponential(drawNormal(source, mu, sigma))),
    distribution('expovariate(lambd)', [], (source, rate = 1) => drawExponential(source, rate)),
    distribution('gammavariate(alpha, beta)', [], (source, alpha = 1, beta = 1) => drawGamma(source, alpha, beta)),
    distribution('betavariate(alpha, beta)', [], (source, alpha = 1, beta = 1) => drawBeta(source, alpha, beta)),
    distribution('paretovariate(alpha)', [], (source, alpha = 1) => drawPareto(source, alpha)),
    distribution('weibullvariate(alpha, beta)', [], (source, alpha = 1, beta = 1) => drawWeibull(source, alpha, beta)),
    distribution('vonmisesvariate(mu, kappa)', [], (source, mu = 0, kappa = 0) => drawVonMises(source, mu, kappa, ELEMENTARY.get('acos'))),
    builtin('triangular(low?, high?, mode?)', (evaluation, [low, high, mode]) => {
        const from = low === undefined ? 0 : doubleArgument(low);
        const to = high === undefined ? 1 : doubleArgument(high);
        const peak = mode === undefined || mode === null ? null : doubleArgument(mode);
        return makeFloat(drawTriangular(sourceOf(evaluation), from, to, peak));
    }),
    builtin('poissonvariate(lam)', (evaluation, [mean]) => poisson(evaluation, doubleArgument(mean))),
];
/** The module `random`. */
const RANDOM = new PyModule('random', new Map(random_functions_FUNCTIONS.map((entry) => [entry.name, entry])));

;// CONCATENATED MODULE: ./build/expression/builtins.js
// The names every expression knows: Python's builtin functions and types, `math` and its names, `random`. What reaches
// the machine or the interpreter (`open`, `eval`, `getattr`, `type`, ...) does not exist.

















function absolute(_evaluation, [value]) {
    if (typeof value === 'number')
        return Math.abs(value);
    if (value instanceof PyFloat)
        return new PyFloat(Math.abs(value.value));
    if (typeof value === 'bigint')
        return value < 0n ? values_makeInt(-value) : value;
    if (typeof value === 'boolean')
        return value ? 1 : 0;
    return errors_raise('TypeError', `bad operand type for abs(): '${typeName(value ?? null)}'`);
}
/** Python's `sum(items, start)`. Floats are added one by one, as CPython did up to 3.11. */
function sumItems(evaluation, items, start) {
    if (typeof start === 'string')
        errors_raise('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
    let total = start;
    if (items instanceof PyList) {
        for (let i = 0; i < items.length; i++) {
            spend(evaluation, 1);
            total = add(evaluation, total, items.items[i]);
        }
        return total;
    }
    for (const item of iterate(items)) {
        spend(evaluation, 1);
        total = add(evaluation, total, item);
    }
    return total;
}
function extreme(name) {
    const order = name === 'max' ? '>' : '<';
    return new PyFunction(name, (evaluation, positional, named) => {
        admitNamed(name, named, ['key', 'default']);
        if (positional.length === 0)
            errors_raise('TypeError', `${name} expected at least 1 argument, got 0`);
        const missing = named?.get('default');
        if (positional.length > 1 && missing !== undefined) {
            errors_raise('TypeError', `Cannot specify a default for ${name}() with multiple positional arguments`);
        }
        const key = named?.get('key') ?? null;
        const items = positional.length === 1 ? iterate(positional[0]) : positional;
        let best;
        let bestKey = null;
        for (const item of items) {
            spend(evaluation, 1);
            const itemKey = key === null ? item : callFunction(evaluation, key, [item]);
            if (best === undefined || compare(evaluation, order, itemKey, bestKey)) {
                best = item;
                bestKey = itemKey;
            }
        }
        if (best !== undefined)
            return best;
        return missing !== undefined ? missing : errors_raise('ValueError', `${name}() arg is an empty sequence`);
    });
}
function some(wanted) {
    return (evaluation, [items]) => {
        for (const item of iterate(items)) {
            spend(evaluation, 1);
            if (isTruthy(item) === wanted)
                return wanted;
        }
        return !wanted;
    };
}
function powerOf(evaluation, [base, exponent, modulus]) {
    if (modulus === undefined || modulus === null)
        return arithmetic_power(evaluation, base, exponent);
    if (!isIntegral(base) || !isIntegral(exponent) || !isIntegral(modulus)) {
        return errors_raise('TypeError', 'pow() 3rd argument not allowed unless all arguments are integers');
    }
    const m = BigInt(asInt(modulus));
    if (m === 0n)
        errors_raise('ValueError', 'pow() 3rd argument cannot be 0');
    const size = m < 0n ? -m : m;
    let x = positiveRest(BigInt(asInt(base)), size);
    let n = BigInt(asInt(exponent));
    if (n < 0n) {
        x = inverse(evaluation, x, size);
        n = -n;
    }
    let result = 1n % size;
    const cost = 4 + (bitLength(size) >> 2);
    for (; n > 0n; n >>= 1n) {
        spend(evaluation, cost);
        if ((n & 1n) === 1n)
            result = (result * x) % size;
        x = (x * x) % size;
    }
    return values_makeInt(m < 0n && result !== 0n ? result + m : result);
}
function positiveRest(x, modulus) {
    return ((x % modulus) + modulus) % modulus;
}
// Extended Euclid.
function inverse(evaluation, x, modulus) {
    const cost = 1 + (bitLength(modulus) >> 7);
    let [r0, r1, s0, s1] = [x, modulus, 1n, 0n];
    while (r1 !== 0n) {
        spend(evaluation, cost);
        const quotient = r0 / r1;
        [r0, r1] = [r1, r0 - quotient * r1];
        [s0, s1] = [s1, s0 - quotient * s1];
    }
    if (r0 !== 1n)
        errors_raise('ValueError', 'base is not invertible for the given modulus');
    return positiveRest(s0, modulus);
}
function character(_evaluation, [value]) {
    const code = math_functions_intArgument(value);
    if (code < 0 || code > 0x10ffff)
        errors_raise('ValueError', 'chr() arg not in range(0x110000)');
    return String.fromCodePoint(Number(code));
}
function codeOf(_evaluation, [value]) {
    if (typeof value !== 'string') {
        return errors_raise('TypeError', `ord() expected string of length 1, but ${typeName(value ?? null)} found`);
    }
    const length = codePointLength(value);
    if (length !== 1)
        errors_raise('TypeError', `ord() expected a character, but string of length ${length} found`);
    return value.codePointAt(0) ?? 0;
}
function inBase(name, prefix, base) {
    return builtin(`${name}(number, /)`, (_evaluation, [value]) => {
        const int = BigInt(math_functions_intArgument(value));
        return `${int < 0n ? '-' : ''}${prefix}${(int < 0n ? -int : int).toString(base)}`;
    });
}
function isInstance(value, type) {
    if (type instanceof PyTuple)
        return type.items.some((item) => isInstance(value, item));
    if (type instanceof PyType)
        return type.includes(value);
    return errors_raise('TypeError', 'isinstance() arg 2 must be a type, a tuple of types, or a union');
}
function* numbered(items, start) {
    let index = BigInt(start);
    for (let step = items.next(); !step.done; step = items.next())
        yield new PyTuple([values_makeInt(index++), step.value]);
}
function* zipped(evaluation, sources, strict) {
    while (sources.length > 0) {
        spend(evaluation, sources.length);
        const items = [];
        for (const [i, source] of sources.entries()) {
            const step = source.next();
            if (!step.done)
                items.push(step.value);
            else if (strict && i > 0)
                uneven(i, 'shorter');
            else {
                if (strict)
                    sources.slice(1).forEach(refuseLonger);
                return;
            }
        }
        yield new PyTuple(items);
    }
}
function refuseLonger(source, index) {
    if (!source.next().done)
        uneven(index + 1, 'longer');
}
function uneven(index, how) {
    const others = index === 1 ? 'argument 1' : `arguments 1-${index}`;
    return errors_raise('ValueError', `zip() argument ${index + 1} is ${how} than ${others}`);
}
function* builtins_mapped(evaluation, run, sources) {
    for (;;) {
        const items = [];
        for (const source of sources) {
            const step = source.next();
            if (step.done)
                return;
            items.push(step.value);
        }
        yield callFunction(evaluation, run, items);
    }
}
function* filtered(evaluation, test, items) {
    for (let step = items.next(); !step.done; step = items.next()) {
        spend(evaluation, 1);
        if (isTruthy(test === null ? step.value : callFunction(evaluation, test, [step.value])))
            yield step.value;
    }
}
function reversed(evaluation, [value]) {
    const reversible = typeof value === 'string' ||
        value instanceof PyList ||
        value instanceof PyTuple ||
        value instanceof PyRange ||
        value instanceof PyDict ||
        value instanceof PyView;
    if (!reversible)
        return errors_raise('TypeError', `'${typeName(value ?? null)}' object is not reversible`);
    return new PyIterator(toItems(evaluation, value).reverse()[Symbol.iterator](), 'reversed');
}
function nextItem(_evaluation, [iterator, missing]) {
    if (!(iterator instanceof PyIterator)) {
        return errors_raise('TypeError', `'${typeName(iterator ?? null)}' object is not an iterator`);
    }
    const step = iterator.source.next();
    if (!step.done)
        return step.value;
    return missing !== undefined ? missing : errors_raise('StopIteration', '');
}
const builtins_FUNCTIONS = [
    builtin('len(obj, /)', (evaluation, [value]) => {
        // Code points have to be counted.
        if (typeof value === 'string')
            spend(evaluation, value.length >> 4);
        return lengthOf(value);
    }),
    builtin('abs(x, /)', absolute),
    builtin('sum(iterable, /, start?)', (evaluation, [items, start]) => sumItems(evaluation, items, start ?? 0)),
    extreme('min'),
    extreme('max'),
    builtin('round(number, ndigits?)', (evaluation, [value, digits]) => roundValue(evaluation, value, digits ?? null)),
    builtin('sorted(iterable, /, *, key?, reverse?)', (evaluation, [items, key, reverse]) => new PyList(sortItems(evaluation, toItems(evaluation, items), key ?? null, isTruthy(reverse ?? false)))),
    builtin('any(iterable, /)', some(true)),
    builtin('all(iterable, /)', some(false)),
    builtin('divmod(x, y, /)', (evaluation, [a, b]) => {
        if (!isNumeric(a) || !isNumeric(b)) {
            const types = `'${typeName(a)}' and '${typeName(b)}'`;
            return errors_raise('TypeError', `unsupported operand type(s) for divmod(): ${types}`);
        }
        return new PyTuple([floorDivide(evaluation, a, b), modulo(evaluation, a, b)]);
    }),
    builtin('pow(base, exp, mod?)', powerOf),
    builtin('chr(i, /)', character),
    builtin('ord(c, /)', codeOf),
    inBase('bin', '0b', 2),
    inBase('oct', '0o', 8),
    inBase('hex', '0x', 16),
    builtin('repr(obj, /)', (evaluation, [value]) => pyRepr(evaluation, value)),
    builtin('ascii(obj, /)', (evaluation, [value]) => escapeNonAscii(pyRepr(evaluation, value))),
    builtin('format(value, format_spec?, /)', (evaluation, [value, spec]) => {
        if (spec !== undefined && typeof spec !== 'string') {
            return errors_raise('TypeError', `format() argument 2 must be str, not ${typeName(spec)}`);
        }
        return formatValue(evaluation, value, spec ?? '');
    }),
    builtin('isinstance(obj, class_or_tuple, /)', (_evaluation, [value, type]) => isInstance(value, type)),
    builtin('callable(obj, /)', (_evaluation, [value]) => value instanceof PyFunction || value instanceof PyType),
    builtin('enumerate(iterable, start?)', (_evaluation, [items, start]) => guardedIterator(numbered(iterate(items), start === undefined ? 0 : math_functions_intArgument(start)), 'enumerate')),
    new PyFunction('zip', (evaluation, positional, named) => {
        admitNamed('zip', named, ['strict']);
        return guardedIterator(zipped(evaluation, positional.map(iterate), isTruthy(named?.get('strict') ?? false)), 'zip');
    }),
    new PyFunction('map', (evaluation, [run, ...iterables], named) => {
        admitNamed('map', named, []);
        if (iterables.length === 0)
            errors_raise('TypeError', 'map() must have at least two arguments.');
        return guardedIterator(builtins_mapped(evaluation, run, iterables.map(iterate)), 'map');
    }),
    builtin('filter(function, iterable, /)', (evaluation, [test, items]) => guardedIterator(filtered(evaluation, test, iterate(items)), 'filter')),
    builtin('reversed(sequence, /)', reversed),
    builtin('iter(object, /)', (_evaluation, [value]) => value instanceof PyIterator ? value : guardedIterator(iterate(value), `${typeName(value)}_iterator`)),
    builtin('next(iterator, default?, /)', nextItem),
];
function type(text, includes, run) {
    const { name, body } = builtin(text, run);
    return new PyType(name, body, includes);
}
function toInt(evaluation, [value, base]) {
    if (base !== undefined) {
        if (typeof value !== 'string')
            return errors_raise('TypeError', "int() can't convert non-string with explicit base");
        const radix = Number(math_functions_intArgument(base));
        if (radix !== 0 && (radix < 2 || radix > 36))
            errors_raise('ValueError', 'int() base must be >= 2 and <= 36, or 0');
        return parseInteger(evaluation, value, radix);
    }
    if (value === undefined)
        return 0;
    return typeof value === 'string' ? parseInteger(evaluation, value, 10) : toInteger(value);
}
function toRange(_evaluation, [first, second, third]) {
    const start = second === undefined ? 0 : rangeBound(first);
    const stop = second === undefined ? rangeBound(first) : rangeBound(second);
    const step = third === undefined ? 1 : rangeBound(third);
    if (step === 0)
        errors_raise('ValueError', 'range() arg 3 must not be zero');
    const length = step > 0 ? Math.ceil((stop - start) / step) : Math.ceil((start - stop) / -step);
    return new PyRange(start, stop, step, Math.max(0, length));
}
function rangeBound(value) {
    const int = math_functions_intArgument(value);
    return typeof int === 'number' ? int : errors_raise('LimitError', 'a range bound beyond 2^53');
}
const makeDict = (evaluation, positional, named) => {
    const dict = new PyDict();
    if (positional[0] !== undefined && !isIterable(positional[0])) {
        errors_raise('TypeError', `'${typeName(positional[0])}' object is not iterable`);
    }
    dictUpdate(evaluation, dict, positional, named);
    return dict;
};
const TYPES = [
    type('int(x?, /, base?)', (value) => isInt(value) || typeof value === 'boolean', toInt),
    type('float(x?, /)', isFloat, (evaluation, [value]) => {
        if (typeof value === 'string')
            spend(evaluation, value.length);
        return value === undefined ? new PyFloat(0) : toFloat(value);
    }),
    type('bool(x?, /)', (value) => typeof value === 'boolean', (_evaluation, [value]) => value !== undefined && isTruthy(value)),
    type('str(object?)', (value) => typeof value === 'string', (evaluation, [value]) => (value === undefined ? '' : pyStr(evaluation, value))),
    type('list(iterable?, /)', (value) => value instanceof PyList, (evaluation, [items]) => new PyList(items === undefined ? [] : toItems(evaluation, items))),
    type('tuple(iterable?, /)', (value) => value instanceof PyTuple, (evaluation, [items]) => items instanceof PyTuple ? items : new PyTuple(items === undefined ? [] : toItems(evaluation, items))),
    type('set(iterable?, /)', (value) => value instanceof PySet && !value.frozen, (evaluation, [items]) => items === undefined ? new PySet() : setCopy(evaluation, toSet(evaluation, items), false)),
    type('frozenset(iterable?, /)', (value) => value instanceof PySet && value.frozen, (evaluation, [items]) => items === undefined ? new PySet(true) : setCopy(evaluation, toSet(evaluation, items), true)),
    new PyType('dict', makeDict, (value) => value instanceof PyDict),
    type('range(start, stop?, step?, /)', (value) => value instanceof PyRange, toRange),
];
/** Every builtin name and its value. Python's own names win over those of `math` (`pow`). */
const BUILTINS = new Map([
    ...MATH_MEMBERS,
    ['math', MATH],
    ['random', RANDOM],
    ...builtins_FUNCTIONS.map((entry) => [entry.name, entry]),
    ...TYPES.map((entry) => [entry.name, entry]),
]);

;// CONCATENATED MODULE: ./build/expression/compile-display.js





/** The values of a list of nodes, starred ones spread out. */
function compileItems(nodes, context) {
    if (nodes.some((node) => node.kind === 'starred'))
        return compileStarredItems(nodes, context);
    const codes = nodes.map((node) => context.compile(node, context));
    const [first, second] = codes;
    if (codes.length === 1)
        return (frame, evaluation) => [first(frame, evaluation)];
    if (codes.length === 2)
        return (frame, evaluation) => [first(frame, evaluation), second(frame, evaluation)];
    return (frame, evaluation) => {
        const items = [];
        for (let i = 0; i < codes.length; i++)
            items.push(codes[i](frame, evaluation));
        return items;
    };
}
function compileStarredItems(nodes, context) {
    const parts = nodes.map((node) => ({
        at: node.start,
        starred: node.kind === 'starred',
        code: context.compile(node.kind === 'starred' ? node.value : node, context),
    }));
    return (frame, evaluation) => {
        const items = [];
        for (const part of parts) {
            const value = part.code(frame, evaluation);
            if (!part.starred)
                items.push(value);
            else {
                evaluation.at = part.at;
                if (!isIterable(value))
                    errors_raise('TypeError', `Value after * must be an iterable, not ${typeName(value)}`);
                for (const item of toItems(evaluation, value))
                    items.push(item);
            }
        }
        return items;
    };
}
function constantItems(nodes) {
    const values = [];
    for (const node of nodes) {
        if (node.kind !== 'constant')
            return null;
        values.push(node.value);
    }
    return values;
}
/** A tuple; one of constants is made once. */
function compileTuple(nodes, context) {
    const values = constantItems(nodes);
    if (values !== null) {
        const tuple = new PyTuple(values);
        return () => tuple;
    }
    const items = compileItems(nodes, context);
    return (frame, evaluation) => new PyTuple(items(frame, evaluation));
}
/** A list, new at every evaluation. */
function compileList(nodes, context) {
    const values = constantItems(nodes);
    if (values !== null) {
        // Each evaluation gives a list of its own over the same items. The spare item at the end keeps `list + [x]` from
        // appending to them.
        const items = [...values, null];
        const { length } = values;
        return () => new PyList(items, length, true);
    }
    const items = compileItems(nodes, context);
    return (frame, evaluation) => new PyList(items(frame, evaluation));
}
/** A dict. */
function compileDict(entries, at, context) {
    const codes = entries.map(([key, value]) => [key === null ? null : context.compile(key, context), context.compile(value, context)]);
    return (frame, evaluation) => {
        const dict = new PyDict();
        for (const [key, value] of codes) {
            if (key !== null) {
                const name = key(frame, evaluation);
                const item = value(frame, evaluation);
                evaluation.at = at;
                dictSet(evaluation, dict, name, item);
            }
            else {
                const mapping = value(frame, evaluation);
                evaluation.at = at;
                if (!(mapping instanceof PyDict))
                    errors_raise('TypeError', `'${typeName(mapping)}' object is not a mapping`);
                dictUpdate(evaluation, dict, [mapping], null);
            }
        }
        return dict;
    };
}

;// CONCATENATED MODULE: ./build/expression/compile-call.js
// Compiles subscripts, attributes and calls.









/** `object[index]`, with the common case of a list and a place in it first. */
function compileSubscript(objectNode, indexNode, at, context) {
    const object = context.compile(objectNode, context);
    if (indexNode.kind === 'slice' && indexNode.step === null)
        return compileSlice(object, indexNode, at, context);
    const index = context.compile(indexNode, context);
    return (frame, evaluation) => {
        const container = object(frame, evaluation);
        const key = index(frame, evaluation);
        if (container instanceof PyList && typeof key === 'number' && key >= 0 && key < container.length) {
            const item = container.items[key];
            // A fractional index finds nothing here and fails below.
            if (item !== undefined)
                return item;
        }
        evaluation.at = at;
        return getItem(evaluation, container, key);
    };
}
// `list[from:to]` with small non-negative bounds is one copy of memory; the rest goes the general way.
function compileSlice(object, node, at, context) {
    const from = node.from === null ? null : context.compile(node.from, context);
    const to = node.to === null ? null : context.compile(node.to, context);
    return (frame, evaluation) => {
        const container = object(frame, evaluation);
        const first = from === null ? null : from(frame, evaluation);
        const last = to === null ? null : to(frame, evaluation);
        evaluation.at = at;
        if (container instanceof PyList) {
            const { items, length } = container;
            const start = first === null ? 0 : first;
            const stop = last === null ? length : last;
            if (isPlace(start) && isPlace(stop)) {
                const end = Math.min(stop, length);
                if (start < end)
                    admitItems(evaluation, end - start);
                return new PyList(start < end ? items.slice(start, end) : []);
            }
        }
        return getItem(evaluation, container, new PySlice(first, last, null));
    };
}
function isPlace(value) {
    return typeof value === 'number' && (value | 0) === value && value >= 0;
}
/** Refuses names with double underscores when the expression is compiled. */
function refuseDunder(name, node, context) {
    if (name.startsWith('__')) {
        throw new errors_ExpressionSyntaxError(`'${name}' is not available: double underscores reach Python's machinery`, context.source, node.start, node.end);
    }
}
function compileNamed(named, context) {
    if (named.length === 0)
        return null;
    const codes = named.map(({ name, value }) => ({
        name,
        at: value.start,
        code: context.compile(value, context),
    }));
    return (frame, evaluation) => {
        const result = new Map();
        for (const { name, at, code } of codes) {
            const value = code(frame, evaluation);
            evaluation.at = at;
            if (name !== null)
                addNamed(result, name, value);
            else {
                if (!(value instanceof PyDict)) {
                    errors_raise('TypeError', `argument after ** must be a mapping, not ${typeName(value)}`);
                }
                for (const [key, item] of value.entries) {
                    if (typeof key !== 'string')
                        errors_raise('TypeError', 'keywords must be strings');
                    addNamed(result, key, item);
                }
            }
        }
        return result;
    };
}
function addNamed(result, name, value) {
    if (result.has(name))
        errors_raise('TypeError', `got multiple values for keyword argument '${name}'`);
    result.set(name, value);
}
/** A call of a function or of a method. */
function compileCall(node, context) {
    const { callee, start: at } = node;
    const positional = node.positional.length === 0 ? () => [] : compileItems(node.positional, context);
    const named = compileNamed(node.named, context);
    if (callee.kind === 'attribute') {
        refuseDunder(callee.name, callee, context);
        return compileMethodCall(callee, positional, named, at, context);
    }
    const known = knownFunction(callee, context);
    if (known !== null)
        return compileKnownCall(known, positional, named, at);
    const target = context.compile(callee, context);
    return (frame, evaluation) => {
        const value = target(frame, evaluation);
        const items = positional(frame, evaluation);
        const names = named === null ? null : named(frame, evaluation);
        evaluation.at = at;
        return callFunction(evaluation, value, items, names);
    };
}
function knownFunction(callee, context) {
    if (callee.kind !== 'name')
        return null;
    const value = BUILTINS.get(callee.name);
    if (!(value instanceof PyFunction || value instanceof PyType))
        return null;
    const { depth, slot, isField } = context.scope.find(callee.name);
    return depth === 0 && isField ? { slot, value } : null;
}
function compileKnownCall({ slot, value }, positional, named, at) {
    const { body } = value;
    return (frame, evaluation) => {
        const own = frame.slots[slot];
        const items = positional(frame, evaluation);
        const names = named === null ? null : named(frame, evaluation);
        evaluation.at = at;
        if (own !== undefined)
            return callFunction(evaluation, own, items, names);
        spend(evaluation, 1);
        enter(evaluation);
        const result = body(evaluation, items, names);
        leave(evaluation);
        return result;
    };
}
function compileMethodCall(callee, positional, named, at, context) {
    const object = context.compile(callee.object, context);
    const { name } = callee;
    // `random.choice` and its like are found once; a field named `random` still wins when there is one.
    const draw = callee.object.kind === 'name' && callee.object.name === 'random' ? RANDOM.members.get(name) : undefined;
    return (frame, evaluation) => {
        const receiver = object(frame, evaluation);
        const items = positional(frame, evaluation);
        const names = named === null ? null : named(frame, evaluation);
        evaluation.at = at;
        if (draw !== undefined && receiver === RANDOM)
            return callFunction(evaluation, draw, items, names);
        return callMethod(evaluation, receiver, name, items, names);
    };
}

;// CONCATENATED MODULE: ./build/expression/compile-comparison.js


/** A comparison or a chain of them. */
function compileComparison(first, rest, context) {
    const left = context.compile(first, context);
    const [link] = rest;
    if (rest.length === 1 && link !== undefined)
        return compileOne(left, link, first.start, context);
    return compileChain(left, rest, first.start, context);
}
function compileChain(left, rest, at, context) {
    const links = rest.map(({ operator, operand }) => ({
        test: testOf(operator),
        operand: context.compile(operand, context),
    }));
    return (frame, evaluation) => {
        let a = left(frame, evaluation);
        for (let i = 0; i < links.length; i++) {
            const { test, operand } = links[i];
            const b = operand(frame, evaluation);
            evaluation.at = at;
            if (!test(evaluation, a, b))
                return false;
            a = b;
        }
        return true;
    };
}
function compileOne(left, { operator, operand }, at, context) {
    const right = context.compile(operand, context);
    switch (operator) {
        case '==':
        case '!=':
            return compileEquality(left, right, operand, operator === '==', at);
        case 'in':
        case 'not in':
            return compileMembership(left, right, operand, operator === 'in', at);
        // One closure for each order: an engine that sees one operator compares two numbers in one instruction.
        case '<':
            return (frame, evaluation) => {
                const a = left(frame, evaluation);
                const b = right(frame, evaluation);
                if (typeof a === 'number' && typeof b === 'number')
                    return a < b;
                evaluation.at = at;
                return compare(evaluation, '<', a, b);
            };
        case '<=':
            return (frame, evaluation) => {
                const a = left(frame, evaluation);
                const b = right(frame, evaluation);
                if (typeof a === 'number' && typeof b === 'number')
                    return a <= b;
                evaluation.at = at;
                return compare(evaluation, '<=', a, b);
            };
        case '>':
            return (frame, evaluation) => {
                const a = left(frame, evaluation);
                const b = right(frame, evaluation);
                if (typeof a === 'number' && typeof b === 'number')
                    return a > b;
                evaluation.at = at;
                return compare(evaluation, '>', a, b);
            };
        case '>=':
            return (frame, evaluation) => {
                const a = left(frame, evaluation);
                const b = right(frame, evaluation);
                if (typeof a === 'number' && typeof b === 'number')
                    return a >= b;
                evaluation.at = at;
                return compare(evaluation, '>=', a, b);
            };
        case 'is':
            return (frame, evaluation) => isSame(left(frame, evaluation), right(frame, evaluation));
        case 'is not':
            return (frame, evaluation) => !isSame(left(frame, evaluation), right(frame, evaluation));
        default:
            return operator;
    }
}
function compileEquality(left, right, operand, wanted, at) {
    const text = operand.kind === 'constant' && typeof operand.value === 'string' ? operand.value : null;
    if (text !== null && text.length <= CHEAP) {
        return (frame, evaluation) => {
            const a = left(frame, evaluation);
            if (typeof a === 'string')
                return (a === text) === wanted;
            evaluation.at = at;
            return equals(evaluation, a, text) === wanted;
        };
    }
    return (frame, evaluation) => {
        const a = left(frame, evaluation);
        const b = right(frame, evaluation);
        if (typeof a === 'number' && typeof b === 'number')
            return (a === b) === wanted;
        evaluation.at = at;
        return equals(evaluation, a, b) === wanted;
    };
}
/** Texts up to this length are compared without paying for it. */
const CHEAP = 1024;
function compileMembership(left, right, operand, wanted, at) {
    const members = compile_comparison_constantItems(operand);
    if (members === null) {
        return (frame, evaluation) => {
            const a = left(frame, evaluation);
            const container = right(frame, evaluation);
            evaluation.at = at;
            return contains(evaluation, container, a) === wanted;
        };
    }
    // `card in ['J', 'Q']`: the display is made once, as CPython does, and texts are looked up.
    const tuple = new PyTuple(members);
    const texts = new Set(members.filter((value) => typeof value === 'string'));
    return (frame, evaluation) => {
        const a = left(frame, evaluation);
        if (typeof a === 'string')
            return texts.has(a) === wanted;
        evaluation.at = at;
        return contains(evaluation, tuple, a) === wanted;
    };
}
function compile_comparison_constantItems(node) {
    if (node.kind !== 'list' && node.kind !== 'tuple')
        return null;
    const values = [];
    for (const item of node.items) {
        if (item.kind !== 'constant')
            return null;
        values.push(item.value);
    }
    return values;
}
function testOf(operator) {
    switch (operator) {
        case '==':
            return equals;
        case '!=':
            return (evaluation, a, b) => !equals(evaluation, a, b);
        case 'in':
            return (evaluation, a, b) => contains(evaluation, b, a);
        case 'not in':
            return (evaluation, a, b) => !contains(evaluation, b, a);
        case 'is':
            return (_evaluation, a, b) => isSame(a, b);
        case 'is not':
            return (_evaluation, a, b) => !isSame(a, b);
        case '<':
        case '<=':
        case '>':
        case '>=':
            return (evaluation, a, b) => compare(evaluation, operator, a, b);
        default:
            return operator;
    }
}

;// CONCATENATED MODULE: ./build/expression/compile-formatted.js



/** The parts of an f-string, or of a format spec, as one text. */
function compileFormatted(parts, context) {
    const codes = parts.map((part) => (typeof part === 'string' ? part : compileField(part, context)));
    return (frame, evaluation) => {
        let text = '';
        for (const code of codes)
            text += typeof code === 'string' ? code : code(frame, evaluation);
        admitText(evaluation, text.length);
        return text;
    };
}
function compileField(field, context) {
    const value = context.compile(field.value, context);
    const { conversion } = field;
    const at = field.value.start;
    if (conversion === null && field.spec === null) {
        return (frame, evaluation) => {
            const item = value(frame, evaluation);
            evaluation.at = at;
            return pyStr(evaluation, item);
        };
    }
    const spec = compileFormatted(field.spec ?? [], context);
    return (frame, evaluation) => {
        const item = value(frame, evaluation);
        const text = spec(frame, evaluation);
        evaluation.at = at;
        return formatField(evaluation, item, conversion, text);
    };
}

;// CONCATENATED MODULE: ./build/expression/compile-operator.js
// Compiles operators, comparisons aside. Each tries the case of plain numbers before the general operation.


const OPERATIONS = new Map([
    ['+', add],
    ['-', subtract],
    ['*', multiply],
    ['/', divide],
    ['//', floorDivide],
    ['%', modulo],
    ['**', arithmetic_power],
]);
/** An operator between two operands. */
function compileBinary(operator, left, right, at) {
    // Sums of small integers, the hot path of every walk, skip the general operation.
    if (operator === '+') {
        return (frame, evaluation) => {
            const a = left(frame, evaluation);
            const b = right(frame, evaluation);
            if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b)
                return a + b;
            evaluation.at = at;
            return add(evaluation, a, b);
        };
    }
    if (operator === '-') {
        return (frame, evaluation) => {
            const a = left(frame, evaluation);
            const b = right(frame, evaluation);
            if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b)
                return a - b;
            evaluation.at = at;
            return subtract(evaluation, a, b);
        };
    }
    const operation = OPERATIONS.get(operator) ??
        ((evaluation, a, b) => bitwise(evaluation, operator, a, b));
    return (frame, evaluation) => {
        const a = left(frame, evaluation);
        const b = right(frame, evaluation);
        evaluation.at = at;
        return operation(evaluation, a, b);
    };
}
/** A sign, `~` or `not`. */
function compileUnary(operator, operand, at) {
    if (operator === 'not')
        return (frame, evaluation) => !isTruthy(operand(frame, evaluation));
    const operation = operator === '-' ? negate : operator === '+' ? arithmetic_plus : invert;
    return (frame, evaluation) => {
        const value = operand(frame, evaluation);
        evaluation.at = at;
        return operation(evaluation, value);
    };
}
/** `and` and `or`, which give the operand that decided. */
function compileLogical(kind, nodes, context) {
    const codes = nodes.map((node) => context.compile(node, context));
    const stopAt = kind === 'or';
    return (frame, evaluation) => {
        let value = null;
        for (let i = 0; i < codes.length; i++) {
            value = codes[i](frame, evaluation);
            if (isTruthy(value) === stopAt)
                return value;
        }
        return value;
    };
}

;// CONCATENATED MODULE: ./build/expression/scope.js
/** The variables of one running function: the whole expression, a lambda call, a generator. */
class Frame {
    slots;
    parent;
    constructor(size, parent) {
        this.slots = new Array(size).fill(undefined);
        this.parent = parent;
    }
}
/** The shape of a frame: how many slots it needs. */
class scope_FrameShape {
    parent;
    size = 0;
    constructor(parent) {
        this.parent = parent;
    }
    allocate() {
        return this.size++;
    }
}
/** Names visible together. A comprehension that needs no frame of its own is a scope inside its function's frame. */
class scope_Scope {
    shape;
    parent;
    kind;
    names = new Map();
    constructor(kind, shape, parent) {
        this.kind = kind;
        this.shape = shape;
        this.parent = parent;
    }
    /** Declares a name here and gives its slot; an existing name keeps its own. */
    declare(name) {
        let slot = this.names.get(name);
        if (slot === undefined) {
            slot = this.shape.allocate();
            this.names.set(name, slot);
        }
        return slot;
    }
    has(name) {
        return this.names.has(name);
    }
    /** Finds a name from the inside out; one that no scope declares is a field or a builtin, kept at the top. */
    find(name) {
        let scope = this;
        while (!scope.has(name) && scope.parent !== null)
            scope = scope.parent;
        return {
            depth: depthBetween(this.shape, scope.shape),
            slot: scope.declare(name),
            isField: scope.kind === 'top',
        };
    }
    /** The scope that `:=` fills: the nearest one that is not a comprehension's. */
    get walrusScope() {
        let scope = this;
        while (scope.kind === 'comprehension' && scope.parent !== null)
            scope = scope.parent;
        return scope;
    }
    /** True when a comprehension between here and the walrus scope iterates over this name. */
    iterates(name) {
        for (let scope = this; scope.kind === 'comprehension' && scope.parent !== null; scope = scope.parent) {
            if (scope.has(name))
                return true;
        }
        return false;
    }
}
/** Frames to climb from one shape to another. */
function depthBetween(inner, outer) {
    let depth = 0;
    for (let shape = inner; shape !== outer && shape.parent !== null; shape = shape.parent)
        depth++;
    return depth;
}
/** Names a target assigns. */
function targetNames(target) {
    return target.kind === 'name' ? [target.name] : target.targets.flatMap(targetNames);
}
/** The nodes directly below a node. */
function children(node) {
    switch (node.kind) {
        case 'constant':
        case 'name':
            return [];
        case 'formatted':
            return node.parts.flatMap(fieldNodes);
        case 'tuple':
        case 'list':
        case 'set':
            return node.items;
        case 'dict':
            return node.entries.flatMap(([key, value]) => (key === null ? [value] : [key, value]));
        case 'binary':
            return [node.left, node.right];
        case 'unary':
            return [node.operand];
        case 'and':
        case 'or':
            return node.operands;
        case 'comparison':
            return [node.first, ...node.rest.map((link) => link.operand)];
        case 'conditional':
            return [node.condition, node.chosen, node.otherwise];
        case 'call':
            return [node.callee, ...node.positional, ...node.named.map((argument) => argument.value)];
        case 'attribute':
            return [node.object];
        case 'subscript':
            return [node.object, node.index];
        case 'slice':
            return [node.from, node.to, node.step].filter((part) => part !== null);
        case 'starred':
        case 'walrus':
            return [node.value];
        case 'lambda':
            return [...node.parameters.flatMap((parameter) => parameter.default ?? []), node.body];
        case 'comprehension': {
            const clauses = node.clauses.flatMap((clause) => [clause.source, ...clause.conditions]);
            return [...clauses, node.item, ...(node.value === null ? [] : [node.value])];
        }
        default:
            return node;
    }
}
function fieldNodes(part) {
    if (typeof part === 'string')
        return [];
    const inner = (part.spec ?? []);
    return [part.value, ...inner.flatMap(fieldNodes)];
}
/** Names that `:=` fills in a function's body, comprehensions included, inner lambdas not. */
function walrusNames(node) {
    if (node.kind === 'lambda')
        return node.parameters.flatMap((parameter) => walrusNamesOf(parameter.default));
    const below = children(node).flatMap(walrusNames);
    return node.kind === 'walrus' ? [node.name, ...below] : below;
}
function walrusNamesOf(node) {
    return node === null ? [] : walrusNames(node);
}
/** True when the node or one below it makes a function or generator, which may outlive the loop around it. */
function makesClosure(node) {
    if (node.kind === 'lambda' || (node.kind === 'comprehension' && node.form === 'generator'))
        return true;
    return children(node).some(makesClosure);
}

;// CONCATENATED MODULE: ./build/expression/weight.js
// What running a piece of an expression once costs, so that fuel bounds work and not only the number of loops.

/** Steps of one pass over a node: one, and one more for every eight nodes below it. */
function weight(node) {
    return 1 + (countNodes(node) >> 3);
}
function countNodes(node) {
    let count = 1;
    for (const child of children(node))
        count += countNodes(child);
    return count;
}

;// CONCATENATED MODULE: ./build/expression/comprehension.js
// Compiles comprehensions and generator expressions. Lists, sets and dicts are built at once; a generator is a
// suspended loop with a frame of its own.








/** Code that builds the collection, or makes the generator. */
function compileComprehension(node, context) {
    // A function made inside the loop must keep this loop's variables: the loop then gets a frame of its own.
    const ownFrame = node.form === 'generator' || makesClosure({ ...node, form: 'list' });
    const shape = ownFrame ? new scope_FrameShape(context.scope.shape) : context.scope.shape;
    const scope = new scope_Scope('comprehension', shape, context.scope);
    const inner = { ...context, scope };
    // The first iterable is evaluated outside, before any loop variable exists.
    const first = context.compile(node.clauses[0].source, { ...context, inIterable: true });
    for (const clause of node.clauses)
        for (const name of targetNames(clause.target))
            scope.declare(name);
    const cost = weight(node);
    const loops = node.clauses.map((clause, i) => compileLoop(clause, i === 0 ? first : null, inner, cost));
    const item = context.compile(node.item, inner);
    const value = node.value === null ? null : context.compile(node.value, inner);
    const at = node.start;
    const enterFrame = (frame) => (ownFrame ? new Frame(shape.size, frame) : frame);
    switch (node.form) {
        case 'generator':
            return (frame, evaluation) => {
                evaluation.at = loops[0].at;
                const source = iterate(first(frame, evaluation));
                const inner = enterFrame(frame);
                if (loops.length === 1)
                    return new PyIterator(new OneLoop(loops[0], item, inner, evaluation, source), 'generator');
                return guardedIterator(generate(loops, item, inner, evaluation, source), 'generator');
            };
        case 'list': {
            const run = nest(loops, collect(loops.at(-1), item, isFixed(node)));
            return (frame, evaluation) => {
                const items = [];
                run(enterFrame(frame), evaluation, items, first(frame, evaluation));
                return new PyList(items);
            };
        }
        case 'set': {
            const addElement = (frame, evaluation, set) => {
                const element = item(frame, evaluation);
                evaluation.at = at;
                setAdd(evaluation, set, element);
            };
            const run = nest(loops, passes(loops.at(-1), addElement));
            return (frame, evaluation) => {
                const set = new PySet();
                run(enterFrame(frame), evaluation, set, first(frame, evaluation));
                return set;
            };
        }
        case 'dict': {
            const addEntry = (frame, evaluation, dict) => {
                const key = item(frame, evaluation);
                const entry = value(frame, evaluation);
                evaluation.at = at;
                dictSet(evaluation, dict, key, entry);
            };
            const run = nest(loops, passes(loops.at(-1), addEntry));
            return (frame, evaluation) => {
                const dict = new PyDict();
                run(enterFrame(frame), evaluation, dict, first(frame, evaluation));
                return dict;
            };
        }
        default:
            return node.form;
    }
}
function compileLoop(clause, compiled, context, cost) {
    return {
        source: compiled ?? context.compile(clause.source, { ...context, inIterable: true }),
        at: clause.source.start,
        slot: clause.target.kind === 'name' ? context.scope.declare(clause.target.name) : -1,
        assign: compileTarget(clause.target, context.scope),
        conditions: clause.conditions.map((condition) => context.compile(condition, context)),
        cost,
    };
}
function compileTarget(target, scope) {
    if (target.kind === 'name') {
        const slot = scope.declare(target.name);
        return (frame, _evaluation, value) => {
            frame.slots[slot] = value;
        };
    }
    const parts = target.targets.map((part) => compileTarget(part, scope));
    const at = target.start;
    return (frame, evaluation, value) => {
        evaluation.at = at;
        const items = unpack(evaluation, value, parts.length);
        for (let i = 0; i < parts.length; i++)
            parts[i](frame, evaluation, items[i]);
    };
}
function admits(loop, frame, evaluation, value) {
    evaluation.at = loop.at;
    spend(evaluation, loop.cost);
    if (loop.slot >= 0)
        frame.slots[loop.slot] = value;
    else
        loop.assign(frame, evaluation, value);
    const { conditions } = loop;
    for (let i = 0; i < conditions.length; i++)
        if (!isTruthy(conditions[i](frame, evaluation)))
            return false;
    return true;
}
/** The loops, one inside the other; `last` runs the innermost. */
function nest(loops, last) {
    const [loop, next] = loops;
    if (next === undefined)
        return last;
    const inner = nest(loops.slice(1), last);
    return passes(loop, (frame, evaluation, result) => {
        inner(frame, evaluation, result, next.source(frame, evaluation));
    });
}
/** One loop around `body`. */
function passes(loop, body) {
    return (frame, evaluation, result, source) => {
        evaluation.at = loop.at;
        if (source instanceof PyList) {
            for (let i = 0; i < source.length; i++) {
                if (admits(loop, frame, evaluation, source.items[i]))
                    body(frame, evaluation, result);
            }
        }
        else if (source instanceof PyRange) {
            for (let i = 0; i < source.length; i++) {
                if (admits(loop, frame, evaluation, source.start + i * source.step))
                    body(frame, evaluation, result);
            }
        }
        else {
            for (const value of iterate(source)) {
                if (admits(loop, frame, evaluation, value))
                    body(frame, evaluation, result);
            }
        }
    };
}
// True when the innermost loop adds the same value each time: `[rank for rank in ranks for _ in range(24)]`.
function isFixed({ item, clauses }) {
    const { target } = clauses.at(-1);
    return item.kind === 'name' && target.kind === 'name' && item.name !== target.name;
}
/** The innermost loop of a list. Over a range without filters, as in `for _ in range(24)`, it pays once. */
function collect(loop, item, fixed) {
    const general = passes(loop, (frame, evaluation, items) => {
        items.push(item(frame, evaluation));
        if (items.length > evaluation.limits.collection)
            admitItems(evaluation, items.length);
    });
    const { slot, cost } = loop;
    if (slot < 0 || loop.conditions.length > 0)
        return general;
    return (frame, evaluation, items, source) => {
        const isAffordable = source instanceof PyRange &&
            source.length * cost <= evaluation.fuel &&
            items.length + source.length <= evaluation.limits.collection;
        if (!isAffordable)
            return general(frame, evaluation, items, source);
        const { start, step, length } = source;
        spend(evaluation, length * cost);
        if (fixed && length > 0) {
            const value = item(frame, evaluation);
            for (let i = 0; i < length; i++)
                items.push(value);
            return;
        }
        for (let i = 0; i < length; i++) {
            frame.slots[slot] = start + i * step;
            items.push(item(frame, evaluation));
        }
    };
}
// A generator expression with one `for`, the usual kind, without a JavaScript generator below it.
class OneLoop {
    loop;
    item;
    frame;
    evaluation;
    source;
    state = 'waiting';
    constructor(loop, item, frame, evaluation, source) {
        this.loop = loop;
        this.item = item;
        this.frame = frame;
        this.evaluation = evaluation;
        this.source = source;
    }
    next() {
        const { loop, frame, evaluation } = this;
        if (this.state === 'running')
            errors_raise('ValueError', 'generator already executing');
        if (this.state === 'over')
            return { done: true, value: undefined };
        // A failure leaves it over: whatever is thrown below passes through.
        this.state = 'running';
        try {
            for (let next = this.source.next(); next.done !== true; next = this.source.next()) {
                if (!admits(loop, frame, evaluation, next.value))
                    continue;
                const value = this.item(frame, evaluation);
                this.state = 'waiting';
                return { done: false, value };
            }
            return { done: true, value: undefined };
        }
        finally {
            if (this.state === 'running')
                this.state = 'over';
        }
    }
}
function* generate(loops, item, frame, evaluation, source) {
    const [loop, ...rest] = loops;
    for (const value of source) {
        if (!admits(loop, frame, evaluation, value))
            continue;
        if (rest.length === 0)
            yield item(frame, evaluation);
        else {
            const inner = rest[0].source(frame, evaluation);
            evaluation.at = rest[0].at;
            yield* generate(rest, item, frame, evaluation, iterate(inner));
        }
    }
}

;// CONCATENATED MODULE: ./build/expression/lambda.js





/** Code that makes the function. Defaults are evaluated then, as in Python. */
function compileLambda(node, context) {
    const defaults = node.parameters.map((parameter) => parameter.default === null ? null : context.compile(parameter.default, context));
    const shape = new scope_FrameShape(context.scope.shape);
    const scope = new scope_Scope('lambda', shape, context.scope);
    const names = node.parameters.map((parameter) => parameter.name);
    for (const name of [...names, ...walrusNames(node.body)])
        scope.declare(name);
    const body = context.compile(node.body, { ...context, scope, inIterable: false });
    const cost = weight(node.body);
    return (frame, evaluation) => {
        const given = defaults.map((code) => (code === null ? undefined : code(frame, evaluation)));
        const run = (caller, positional, named) => {
            spend(caller, cost);
            const inner = new Frame(shape.size, frame);
            fill(inner, names, given, positional, named);
            return body(inner, caller);
        };
        return new PyFunction('<lambda>', run, 'lambda');
    };
}
function fill(frame, names, defaults, positional, named) {
    if (positional.length > names.length) {
        const takes = `${names.length} positional argument${names.length === 1 ? '' : 's'}`;
        errors_raise('TypeError', `<lambda>() takes ${takes} but ${positional.length} were given`);
    }
    for (let i = 0; i < positional.length; i++)
        frame.slots[i] = positional[i];
    for (const [name, value] of named ?? []) {
        const i = names.indexOf(name);
        if (i < 0)
            errors_raise('TypeError', `<lambda>() got an unexpected keyword argument '${name}'`);
        if (frame.slots[i] !== undefined)
            errors_raise('TypeError', `<lambda>() got multiple values for argument '${name}'`);
        frame.slots[i] = value;
    }
    for (let i = 0; i < names.length; i++) {
        frame.slots[i] ??= defaults[i];
        if (frame.slots[i] === undefined) {
            errors_raise('TypeError', `<lambda>() missing 1 required positional argument: '${names[i]}'`);
        }
    }
}

;// CONCATENATED MODULE: ./build/expression/compile.js
// Compiles a syntax tree to closures. Every closure that can fail notes its place in `evaluation.at` just before the
// failing operation; the boundary turns that into line and column.














/** Compiles an expression's tree. Throws ExpressionSyntaxError for what only names can decide. */
function compileTree(tree, source, scope) {
    return compileNode(tree, { source, scope, inIterable: false, compile: compileNode });
}
function compileNode(node, context) {
    const { start: at } = node;
    switch (node.kind) {
        case 'constant': {
            const { value } = node;
            return () => value;
        }
        case 'name':
            return compileName(node.name, at, context);
        case 'formatted':
            return compileFormatted(node.parts, context);
        case 'tuple':
            return compileTuple(node.items, context);
        case 'list':
            return compileList(node.items, context);
        case 'set': {
            const items = compileItems(node.items, context);
            return (frame, evaluation) => {
                const set = new PySet();
                for (const item of items(frame, evaluation)) {
                    evaluation.at = at;
                    setAdd(evaluation, set, item);
                }
                return set;
            };
        }
        case 'dict':
            return compileDict(node.entries, at, context);
        case 'binary':
            return compileBinary(node.operator, compileNode(node.left, context), compileNode(node.right, context), at);
        case 'unary':
            return compileUnary(node.operator, compileNode(node.operand, context), at);
        case 'and':
        case 'or':
            return compileLogical(node.kind, node.operands, context);
        case 'comparison':
            return compileComparison(node.first, node.rest, context);
        case 'conditional': {
            const condition = compileNode(node.condition, context);
            const chosen = compileNode(node.chosen, context);
            const otherwise = compileNode(node.otherwise, context);
            return (frame, evaluation) => isTruthy(condition(frame, evaluation)) ? chosen(frame, evaluation) : otherwise(frame, evaluation);
        }
        case 'call':
            return compileCall(node, context);
        case 'attribute': {
            const object = compileNode(node.object, context);
            const { name } = node;
            refuseDunder(name, node, context);
            return (frame, evaluation) => {
                const value = object(frame, evaluation);
                evaluation.at = at;
                return getAttribute(evaluation, value, name);
            };
        }
        case 'subscript':
            return compileSubscript(node.object, node.index, at, context);
        case 'slice': {
            const parts = [node.from, node.to, node.step].map((part) => part === null ? null : compileNode(part, context));
            const [from, to, step] = parts;
            return (frame, evaluation) => new PySlice(from ? from(frame, evaluation) : null, to ? to(frame, evaluation) : null, step ? step(frame, evaluation) : null);
        }
        case 'starred':
            throw new errors_ExpressionSyntaxError('a starred value is not allowed here', context.source, at, node.end);
        case 'walrus':
            return compileWalrus(node, context);
        case 'lambda':
            return compileLambda(node, context);
        case 'comprehension':
            return compileComprehension(node, context);
        default:
            return node;
    }
}
function compileName(name, at, context) {
    const place = context.scope.find(name);
    const { depth, slot } = place;
    const fallback = place.isField ? BUILTINS.get(name) : undefined;
    const missing = (evaluation) => {
        if (fallback !== undefined)
            return fallback;
        evaluation.at = at;
        return errors_raise('NameError', `name '${name}' is not defined`);
    };
    if (depth === 0) {
        return (frame, evaluation) => {
            const value = frame.slots[slot];
            return value !== undefined ? value : missing(evaluation);
        };
    }
    return (frame, evaluation) => {
        let outer = frame;
        for (let i = 0; i < depth; i++)
            outer = outer.parent;
        const value = outer.slots[slot];
        return value !== undefined ? value : missing(evaluation);
    };
}
function compileWalrus(node, context) {
    const { scope, source } = context;
    if (context.inIterable) {
        throw new errors_ExpressionSyntaxError("':=' is not allowed in what a comprehension runs over", source, node.start, node.end);
    }
    if (scope.iterates(node.name)) {
        throw new errors_ExpressionSyntaxError(`':=' cannot fill the loop variable '${node.name}'`, source, node.start, node.end);
    }
    const target = scope.walrusScope;
    const slot = target.declare(node.name);
    const depth = depthBetween(scope.shape, target.shape);
    const value = compileNode(node.value, context);
    return (frame, evaluation) => {
        let outer = frame;
        for (let i = 0; i < depth; i++)
            outer = outer.parent;
        return (outer.slots[slot] = value(frame, evaluation));
    };
}

;// CONCATENATED MODULE: ./build/expression/mutation.js



const CHANGING = new Set(('append extend insert pop remove clear sort reverse update setdefault popitem add discard shuffle ' +
    'intersection_update difference_update symmetric_difference_update').split(' '));
/** True when the tree names a method that changes its receiver, or `shuffle`. */
function mayChange(node) {
    if (node.kind === 'attribute' && CHANGING.has(node.name))
        return true;
    return children(node).some(mayChange);
}
/** Copies containers, however deep. What was one object before is one object in the copy. */
class Copier {
    evaluation;
    copies = new Map();
    constructor(evaluation) {
        this.evaluation = evaluation;
    }
    copy(value) {
        if (value === null || typeof value !== 'object')
            return value;
        const known = this.copies.get(value);
        if (known !== undefined)
            return known;
        enter(this.evaluation);
        const copy = this.copyContainer(value);
        leave(this.evaluation);
        return copy;
    }
    copyContainer(value) {
        if (value instanceof PyList) {
            const copy = new PyList([]);
            this.copies.set(value, copy);
            spend(this.evaluation, value.length);
            for (let i = 0; i < value.length; i++)
                copy.items.push(this.copy(value.items[i]));
            copy.length = value.length;
            return copy;
        }
        if (value instanceof PyDict) {
            const copy = new PyDict();
            this.copies.set(value, copy);
            spend(this.evaluation, value.entries.size);
            for (const [key, item] of value.entries)
                copy.entries.set(key, this.copy(item));
            copy.originals = value.originals === null ? null : new Map(value.originals);
            return copy;
        }
        if (value instanceof PySet) {
            const copy = new PySet(value.frozen);
            spend(this.evaluation, value.entries.size);
            for (const [key, item] of value.entries)
                copy.entries.set(key, item);
            this.copies.set(value, copy);
            return copy;
        }
        if (value instanceof PyTuple) {
            spend(this.evaluation, value.items.length);
            return new PyTuple(value.items.map((item) => this.copy(item)));
        }
        return value;
    }
}
/** True when two values are alike in type, order and content: stricter than `==`. */
function isUnchanged(evaluation, before, after) {
    if (before === after || Number.isNaN(before))
        return true;
    if (before === null || typeof before !== 'object')
        return false;
    spend(evaluation, 1);
    if (before instanceof PyFloat)
        return after instanceof PyFloat && Object.is(before.value, after.value);
    enter(evaluation);
    const same = hasSameContent(evaluation, before, after);
    leave(evaluation);
    return same;
}
function hasSameContent(evaluation, before, after) {
    if (before instanceof PyList) {
        if (!(after instanceof PyList) || before.length !== after.length)
            return false;
        for (let i = 0; i < before.length; i++) {
            if (!isUnchanged(evaluation, before.items[i], after.items[i]))
                return false;
        }
        return true;
    }
    if (before instanceof PyTuple) {
        if (!(after instanceof PyTuple) || before.items.length !== after.items.length)
            return false;
        return before.items.every((item, i) => isUnchanged(evaluation, item, after.items[i]));
    }
    if (before instanceof PyDict && after instanceof PyDict) {
        return sameEntries(evaluation, before.entries, after.entries);
    }
    if (before instanceof PySet && after instanceof PySet) {
        return sameEntries(evaluation, before.entries, after.entries);
    }
    return false;
}
function sameEntries(evaluation, before, after) {
    if (before.size !== after.size)
        return false;
    const others = after.entries();
    for (const [key, value] of before) {
        const [otherKey, other] = others.next().value;
        if (key !== otherKey || !isUnchanged(evaluation, value, other))
            return false;
    }
    return true;
}

;// CONCATENATED MODULE: ./build/expression/escapes.js
// Backslash escapes of Python's string literals, shared by every literal that has them.
const SIMPLE = new Map([
    ['\n', ''],
    ['\\', '\\'],
    ["'", "'"],
    ['"', '"'],
    ['a', '\x07'],
    ['b', '\b'],
    ['f', '\f'],
    ['n', '\n'],
    ['r', '\r'],
    ['t', '\t'],
    ['v', '\v'],
]);
const HEX_LENGTH = new Map([
    ['x', 2],
    ['u', 4],
    ['U', 8],
]);
/** Reads the escape whose backslash stands at `at`. Unknown escapes keep their backslash, as in Python. */
function decodeEscape(source, at) {
    const letter = source.charAt(at + 1);
    const simple = SIMPLE.get(letter);
    if (simple !== undefined)
        return { text: simple, end: at + 2, problem: null };
    if (letter === '\r')
        return { text: '', end: at + (source.charAt(at + 2) === '\n' ? 3 : 2), problem: null };
    const length = HEX_LENGTH.get(letter);
    if (length !== undefined)
        return hexEscape(source, at, letter, length);
    if (letter === 'N')
        return { text: '', end: at + 2, problem: '\\N{...} names are not supported: use \\u' };
    const octal = /^[0-7]{1,3}/.exec(source.slice(at + 1, at + 4))?.[0];
    if (octal !== undefined) {
        return {
            text: String.fromCharCode(Number.parseInt(octal, 8)),
            end: at + 1 + octal.length,
            problem: null,
        };
    }
    const end = at + 1 + letter.length;
    return { text: source.slice(at, end), end, problem: null };
}
function hexEscape(source, at, letter, length) {
    const digits = source.slice(at + 2, at + 2 + length);
    const end = at + 2 + digits.length;
    if (!new RegExp(`^[0-9a-fA-F]{${length}}$`).test(digits)) {
        return { text: '', end, problem: `\\${letter} needs ${length} hex digits` };
    }
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff)
        return { text: '', end, problem: 'not a Unicode character' };
    return { text: String.fromCodePoint(code), end, problem: null };
}

;// CONCATENATED MODULE: ./build/expression/lexer.js
// Splits an expression into tokens, one at a time, on the parser's demand. It knows spelling, not grammar; the inside
// of an f-string is left to the parser.



const KEYWORDS = new Set(('False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield').split(' '));
// Longest first. The second line holds no Python: such tokens only serve to say what was meant.
const OPERATORS = /\*\*=|\/\/=|<<=|>>=|\.\.\.|===|!==|\*\*|\/\/|<<|>>|<=|>=|==|!=|:=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|@=|->|<>|&&|\|\||=>|\?\.|\?\?|[-+*/%@&|^~<>.,:=!()[\]{}]/y;
const NAME = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const lexer_NUMBER = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*(?:[eE][+-]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*\.?(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y;
const QUOTE = /'''|"""|'|"/y;
const PREFIX = /^(?:[rRuU]|[fF][rR]?|[rR][fF])$/;
const BYTES_PREFIX = /^(?:[bB][rR]?|[rR][bB])$/;
/** Keywords that Python lets follow a number without a space: `1if x else 2`. */
const AFTER_NUMBER = new Set(['if', 'else', 'and', 'or', 'in', 'is', 'for', 'not']);
/** Reads tokens from `position` on. */
class Lexer {
    source;
    position = 0;
    /** True once a token was read: blank lines may precede the first. */
    started = false;
    constructor(source) {
        this.source = source;
    }
    /** The next token. Newlines are white space inside brackets, and an error outside. */
    next(insideBrackets) {
        this.skipSpace(insideBrackets);
        this.started = true;
        const start = this.position;
        if (start >= this.source.length)
            return { kind: 'end', text: '', start, end: start };
        const code = this.source.charCodeAt(start);
        const following = this.source.charCodeAt(start + 1);
        if (lexer_isDigit(code) || (code === 46 && lexer_isDigit(following)))
            return this.number(start);
        NAME.lastIndex = start;
        const name = NAME.exec(this.source)?.[0];
        if (name !== undefined)
            return this.nameOrString(start, name);
        if (code === 39 || code === 34)
            return this.string(start, '');
        OPERATORS.lastIndex = start;
        const operator = OPERATORS.exec(this.source)?.[0];
        if (operator === undefined)
            return this.refuseCharacter(start);
        this.position = start + operator.length;
        return { kind: 'operator', text: operator, start, end: this.position };
    }
    fail(message, start, end = start + 1) {
        throw new errors_ExpressionSyntaxError(message, this.source, start, Math.max(end, start + 1));
    }
    skipSpace(insideBrackets) {
        const { source } = this;
        for (;;) {
            const code = source.charCodeAt(this.position);
            if (code === 32 || code === 9 || code === 12)
                this.position++;
            else if (code === 10 || code === 13) {
                // Outside brackets only blank lines and comments may follow the expression's first token.
                if (!insideBrackets && this.started)
                    this.endOfText();
                else
                    this.position++;
            }
            else if (code === 35) {
                while (this.position < source.length && source.charCodeAt(this.position) !== 10)
                    this.position++;
            }
            else if (code === 92 && /^\r?\n/.test(source.slice(this.position + 1, this.position + 3))) {
                this.position += source.charCodeAt(this.position + 1) === 10 ? 2 : 3;
            }
            else
                return;
        }
    }
    endOfText() {
        this.started = false;
        this.skipSpace(false);
        if (this.position < this.source.length) {
            this.fail('unexpected new line: one expression is allowed here (put it in parentheses to go on on the next line)', this.position);
        }
        this.started = true;
    }
    nameOrString(start, name) {
        const quote = this.source.charAt(start + name.length);
        if (quote === "'" || quote === '"') {
            if (PREFIX.test(name))
                return this.string(start, name.toLowerCase());
            if (BYTES_PREFIX.test(name))
                this.fail('bytes literals are not supported', start, start + name.length + 1);
        }
        if (name.length > 128)
            this.fail('a name of more than 128 characters', start, start + name.length);
        this.position = start + name.length;
        const kind = KEYWORDS.has(name) ? 'keyword' : 'name';
        return { kind, text: name.normalize('NFKC'), start, end: this.position };
    }
    number(start) {
        lexer_NUMBER.lastIndex = start;
        const text = lexer_NUMBER.exec(this.source)?.[0] ?? '';
        const end = start + text.length;
        this.position = end;
        const next = this.source.charAt(end);
        if (next === 'j' || next === 'J')
            this.fail('complex numbers are not supported', start, end + 1);
        NAME.lastIndex = end;
        const word = NAME.exec(this.source)?.[0];
        if ((word !== undefined && !AFTER_NUMBER.has(word)) || lexer_isDigit(next.charCodeAt(0))) {
            this.fail('invalid number', start, end + (word?.length ?? 1));
        }
        return { kind: 'number', text, value: this.numberValue(text.replaceAll('_', ''), start), start, end };
    }
    numberValue(digits, start) {
        const prefixed = /^0[xXoObB]/.test(digits);
        if (!prefixed && /[.eE]/.test(digits))
            return makeFloat(Number(digits));
        if (/^0[0-9]*[1-9]/.test(digits) && !prefixed) {
            this.fail('a decimal number must not begin with 0 (octal numbers begin with 0o)', start, this.position);
        }
        if (digits.length > 4300)
            this.fail('a number of more than 4300 digits', start, this.position);
        return values_makeInt(BigInt(digits));
    }
    string(start, prefix) {
        const open = start + prefix.length;
        QUOTE.lastIndex = open;
        const quote = QUOTE.exec(this.source)?.[0] ?? '';
        const raw = prefix.includes('r');
        this.position = open + quote.length;
        if (prefix.includes('f'))
            return { kind: 'fstring', text: prefix, quote, raw, start, end: this.position };
        let value = '';
        while (!this.source.startsWith(quote, this.position))
            value += this.stringPiece(start, quote, raw);
        this.position += quote.length;
        return {
            kind: 'string',
            text: this.source.slice(start, this.position),
            value,
            start,
            end: this.position,
        };
    }
    /** One character or escape inside a string that began at `start`; moves on behind it. */
    stringPiece(start, quote, raw) {
        const character = this.source.charAt(this.position);
        if (character === '' || ((character === '\n' || character === '\r') && quote.length === 1)) {
            return this.fail(`unterminated ${quote.length === 3 ? 'triple-quoted ' : ''}string`, start);
        }
        if (character !== '\\') {
            this.position++;
            // Python reads every kind of line end as \n.
            if (character !== '\r')
                return character;
            if (this.source.charAt(this.position) === '\n')
                this.position++;
            return '\n';
        }
        if (raw) {
            const both = this.source.slice(this.position, this.position + 2);
            this.position += both.length;
            return both;
        }
        const decoded = decodeEscape(this.source, this.position);
        if (decoded.problem !== null)
            this.fail(decoded.problem, this.position, decoded.end);
        this.position = decoded.end;
        return decoded.text;
    }
    refuseCharacter(start) {
        const character = String.fromCodePoint(this.source.codePointAt(start) ?? 0);
        if (character === '?')
            this.fail("'?' is not an operator; a choice is written: VALUE if CONDITION else OTHER", start);
        if ('“”‘’«»'.includes(character))
            this.fail(`${character} is a typographic quote: use a plain ' or "`, start);
        if (character === ';')
            this.fail("';' is not allowed: one expression is allowed here", start);
        const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
        return this.fail(`invalid character ${JSON.stringify(character)} (U+${code})`, start);
    }
}
function lexer_isDigit(code) {
    return code >= 48 && code <= 57;
}

;// CONCATENATED MODULE: ./build/expression/token-stream.js
// The parser's hand on the tokens: what comes next, open brackets, limits, and the wording of refusals.

/** One token of look-ahead over a source, with the state every grammar rule shares. */
class TokenStream {
    lexer;
    limits;
    token;
    previousEnd = 0;
    brackets = [];
    depth = 0;
    nodes = 0;
    constructor(source, limits) {
        this.lexer = new Lexer(source);
        this.limits = limits;
        const nul = source.indexOf('\0');
        if (nul >= 0)
            this.lexer.fail('a NUL character', nul);
        this.token = this.lexer.next(false);
    }
    fail(message, start = this.token.start, end = this.token.end) {
        return this.lexer.fail(message, start, end);
    }
    advance() {
        this.previousEnd = this.token.end;
        this.token = this.lexer.next(this.brackets.length > 0);
    }
    atEnd() {
        return this.token.kind === 'end';
    }
    is(text) {
        return (this.token.kind === 'operator' || this.token.kind === 'keyword') && this.token.text === text;
    }
    eat(text) {
        if (!this.is(text))
            return false;
        this.advance();
        return true;
    }
    open(text) {
        this.brackets.push({ text, at: this.token.start });
        this.advance();
    }
    close(text) {
        if (this.is(text)) {
            this.brackets.pop();
            this.advance();
            return;
        }
        const bracket = this.brackets.at(-1);
        if (this.token.kind === 'end')
            this.fail(`'${bracket.text}' was never closed`, bracket.at, bracket.at + 1);
        if (this.is(')') || this.is(']') || this.is('}')) {
            this.fail(`'${this.token.text}' does not match the opening '${bracket.text}'`);
        }
        this.refuse(`perhaps a comma or a '${text}' is missing`);
    }
    refuse(hint = '') {
        const { token } = this;
        if (token.kind === 'end') {
            const bracket = this.brackets.at(-1);
            if (bracket !== undefined)
                this.fail(`'${bracket.text.charAt(0)}' was never closed`, bracket.at, bracket.at + 1);
            this.fail('the expression is not complete');
        }
        const known = token.kind === 'operator' || token.kind === 'keyword' ? MEANT.get(token.text) : undefined;
        if (known !== undefined)
            this.fail(known);
        if (token.kind === 'keyword' && STATEMENTS.has(token.text)) {
            this.fail(`'${token.text}' belongs to a statement; only expressions are allowed here`);
        }
        if (token.kind === 'operator' && /^[)\]}]$/.test(token.text) && this.brackets.length === 0) {
            this.fail(`unmatched '${token.text}'`);
        }
        this.fail(`invalid syntax at '${this.lexer.source.slice(token.start, token.end)}'${hint === '' ? '' : `; ${hint}`}`);
    }
    node(body, start, end = this.previousEnd) {
        if (++this.nodes > this.limits.nodes) {
            this.fail(`an expression of more than ${this.limits.nodes} parts`, start, end);
        }
        return { ...body, start, end };
    }
    deeper(parse) {
        if (++this.depth > this.limits.nesting) {
            this.fail(`nested deeper than ${this.limits.nesting} levels`);
        }
        const result = parse();
        this.depth--;
        return result;
    }
}
const STATEMENTS = new Set(('as assert async await break class continue def del elif except finally from global import nonlocal pass raise ' +
    'return try while with yield').split(' '));
// What people write from other languages, and what Python calls it.
const MEANT = new Map([
    ['=', "'=' is assignment, which is not allowed here; did you mean '=='?"],
    ['&&', "'&&' is not a Python operator; did you mean 'and'?"],
    ['||', "'||' is not a Python operator; did you mean 'or'?"],
    ['!', "'!' is not a Python operator; did you mean 'not'?"],
    ['===', "'===' is not a Python operator; did you mean '=='?"],
    ['!==', "'!==' is not a Python operator; did you mean '!='?"],
    ['<>', "'<>' is not a Python operator; did you mean '!='?"],
    ['=>', "'=>' is not a Python operator; did you mean '>='?"],
    ['->', "'->' is not a Python operator"],
    ['?.', "'?.' is not a Python operator"],
    ['??', "'??' is not a Python operator; did you mean 'or'?"],
    [':=', "':=' must stand inside parentheses"],
    ['...', "'...' is not supported"],
    ...['**=', '//=', '<<=', '>>=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '@='].map((operator) => [operator, `'${operator}' is assignment, which is not allowed here`]),
]);

;// CONCATENATED MODULE: ./build/expression/parse-formatted.js

/** Reads f-strings; the expressions inside them are read by the grammar that extends it. */
class FormattedReader extends TokenStream {
    /** The parts of an f-string whose opening quote was read; the current token becomes its end. */
    formatted(token) {
        const parts = this.formattedParts(token, 0);
        const end = this.lexer.position + token.quote.length;
        this.lexer.position = end;
        this.token = { ...token, end };
        return parts;
    }
    /** Text and fields up to the closing quote, or, inside a format spec, up to its `}`. */
    formattedParts(token, specLevel) {
        const { lexer } = this;
        const { source } = lexer;
        const parts = [];
        for (;;) {
            const at = lexer.position;
            const character = source.charAt(at);
            if (source.startsWith(token.quote, at)) {
                if (specLevel > 0)
                    this.fail("f-string: a '}' is missing", token.start, at);
                return parts;
            }
            if (character === '}' && specLevel > 0)
                return parts;
            if (character === '{' || character === '}') {
                if (source.charAt(at + 1) === character && specLevel === 0) {
                    parts.push(character);
                    lexer.position += 2;
                }
                else if (character === '}') {
                    this.fail("f-string: a single '}' is not allowed; write '}}'", at, at + 1);
                }
                else
                    parts.push(...this.field(token, specLevel));
            }
            else if (character === '\\' && /^[{}]$/.test(source.charAt(at + 1))) {
                // A backslash escapes no brace: it stays, and the field begins.
                parts.push(character);
                lexer.position++;
            }
            else
                parts.push(lexer.stringPiece(token.start, token.quote, token.raw));
        }
    }
    /** One `{...}`: its text first when it ends with `=`. Leaves the lexer behind the `}`. */
    field(token, specLevel) {
        if (specLevel > 1)
            this.fail('f-string: nested too deeply', this.lexer.position, this.lexer.position + 1);
        return this.deeper(() => {
            const { lexer } = this;
            const outer = { token: this.token, previousEnd: this.previousEnd, brackets: this.brackets };
            const open = lexer.position;
            this.brackets = [{ text: '{field', at: open }];
            lexer.position = open + 1;
            this.advance();
            if (/^[}!:=]$/.test(this.token.text))
                this.fail("f-string: an expression is missing after '{'", open, this.token.end);
            const value = this.expressions(true);
            // A `:=` here is the spec's colon: a walrus would need parentheses.
            if (this.is(':='))
                this.retreatTo(this.token.start, ':');
            const shown = this.is('=') ? this.shownSource(open) : null;
            const conversion = this.conversion();
            let spec = null;
            if (this.is(':')) {
                lexer.position = this.token.start + 1;
                spec = mergeText(this.formattedParts(token, specLevel + 1));
                lexer.position++;
            }
            else {
                if (this.token.kind === 'end')
                    this.fail("f-string: a '}' is missing", open, open + 1);
                if (!this.is('}'))
                    this.refuse("f-string: a '}' was expected");
                lexer.position = this.token.end;
            }
            ({ token: this.token, previousEnd: this.previousEnd, brackets: this.brackets } = outer);
            // `{x=}` shows the repr unless a spec asks for something else.
            const implied = shown !== null && spec === null ? 'r' : null;
            const field = { value, conversion: conversion ?? implied, spec };
            return shown === null ? [field] : [shown, field];
        });
    }
    retreatTo(at, text) {
        this.lexer.position = at + text.length;
        this.token = { kind: 'operator', text, start: at, end: at + text.length };
    }
    shownSource(open) {
        const { source } = this.lexer;
        let end = this.token.end;
        while (/\s/.test(source.charAt(end)))
            end++;
        this.advance();
        return source.slice(open + 1, end);
    }
    conversion() {
        if (!this.is('!'))
            return null;
        const { source } = this.lexer;
        const at = this.token.end;
        const letter = source.charAt(at);
        if ((letter !== 's' && letter !== 'r' && letter !== 'a') || !/[:}]/.test(source.charAt(at + 1))) {
            return this.fail("f-string: after '!' comes s, r or a, and then ':' or '}'", at, at + 1);
        }
        this.advance();
        this.advance();
        return letter;
    }
}
/** Joins neighbouring pieces of text. */
function mergeText(parts) {
    const merged = [];
    for (const part of parts) {
        const last = merged.at(-1);
        if (typeof part === 'string' && typeof last === 'string')
            merged[merged.length - 1] = last + part;
        else
            merged.push(part);
    }
    return merged;
}

;// CONCATENATED MODULE: ./build/expression/parse.js
// Pratt parser for Python expressions: strict, one pass, with messages that name the fix. Statements, `await`, `yield`
// and star parameters are outside the language and refused by name.



/** Parses one expression. Throws ExpressionSyntaxError. */
function parseExpression(source, limits = limits_DEFAULT_LIMITS) {
    if (source.length > limits.sourceLength) {
        throw new errors_ExpressionSyntaxError(`an expression of ${source.length} characters (limit ${limits.sourceLength})`, source, 0);
    }
    return new Parser(source, limits).parse();
}
// How tightly operators bind; all of these group to the left.
const BINDING = new Map([
    ['|', 1],
    ['^', 2],
    ['&', 3],
    ['<<', 4],
    ['>>', 4],
    ['+', 5],
    ['-', 5],
    ['*', 6],
    ['/', 6],
    ['//', 6],
    ['%', 6],
    ['@', 6],
]);
const LOOSEST = 1;
const COMPARISONS = new Set(['<', '>', '<=', '>=', '==', '!=']);
/** Most calls and subscripts chained on one value. */
const MAX_CHAIN = 200;
/** Most operators of one chain, about what CPython compiles. */
const MAX_OPERATORS = 2000;
class Parser extends FormattedReader {
    parse() {
        if (this.token.kind === 'end')
            this.fail('an expression was expected, but the text is empty', 0, 1);
        const node = this.expressions();
        if (!this.atEnd())
            this.refuse();
        return node;
    }
    // --- from loose to tight
    /** One expression, or several with commas between them: a tuple. */
    expressions(allowStar = false) {
        const { start } = this.token;
        const first = this.starredOr(allowStar, false);
        if (!this.is(',')) {
            if (first.kind === 'starred')
                this.fail('a starred value needs a list, tuple or set around it', first.start, first.end);
            return first;
        }
        const items = [first];
        while (this.eat(',')) {
            if (this.token.kind === 'end' || /^[)\]}:=!]$/.test(this.token.text))
                break;
            items.push(this.starredOr(allowStar, false));
        }
        return this.node({ kind: 'tuple', items }, start);
    }
    starredOr(allowStar, allowWalrus) {
        if (!this.is('*'))
            return allowWalrus ? this.named() : this.expression();
        if (!allowStar)
            this.fail('a starred value is not allowed here');
        const { start } = this.token;
        this.advance();
        return this.node({ kind: 'starred', value: this.operation(LOOSEST) }, start);
    }
    /** An expression that may name its value: `name := value`. */
    named() {
        const { start } = this.token;
        const node = this.expression();
        if (!this.is(':='))
            return node;
        // A name in parentheses begins later than the expression it fills.
        if (node.kind !== 'name' || node.start !== start)
            this.fail("only a plain name can stand before ':='", node.start, node.end);
        this.advance();
        return this.node({ kind: 'walrus', name: node.name, value: this.expression() }, start);
    }
    expression() {
        return this.deeper(() => {
            // A chain of else branches is built from its end, without recursion.
            const links = [];
            let { start } = this.token;
            let node = this.is('lambda') ? this.lambda() : this.disjunction();
            while (node.kind !== 'lambda' && this.is('if')) {
                if (links.length >= this.limits.elseChain)
                    this.fail(`a chain of more than ${this.limits.elseChain} choices`);
                this.advance();
                const condition = this.disjunction();
                if (!this.is('else'))
                    this.fail("'else' was expected: a choice is written VALUE if CONDITION else OTHER");
                this.advance();
                links.push({ chosen: node, condition, start });
                start = this.token.start;
                node = this.is('lambda') ? this.lambda() : this.disjunction();
            }
            for (const link of links.reverse()) {
                node = this.node({ kind: 'conditional', condition: link.condition, chosen: link.chosen, otherwise: node }, link.start);
            }
            return node;
        });
    }
    lambda() {
        const { start } = this.token;
        if (this.brackets.at(-1)?.text === '{field')
            this.fail('a lambda inside an f-string needs parentheses');
        this.advance();
        const parameters = [];
        while (!this.is(':')) {
            const { token } = this;
            if (token.kind !== 'name')
                this.fail('a lambda takes plain parameter names here');
            if (parameters.some((parameter) => parameter.name === token.text)) {
                this.fail(`duplicate parameter '${token.text}'`);
            }
            this.advance();
            const missing = this.eat('=') ? this.expression() : null;
            if (missing === null && parameters.some((parameter) => parameter.default !== null)) {
                this.fail('a parameter without a default follows one with a default', token.start, token.end);
            }
            parameters.push({ name: token.text, default: missing });
            if (!this.eat(','))
                break;
        }
        if (!this.is(':'))
            this.refuse("a ':' was expected");
        this.advance();
        return this.node({ kind: 'lambda', parameters, body: this.expression() }, start);
    }
    disjunction() {
        return this.logical('or', () => this.logical('and', () => this.inversion()));
    }
    logical(kind, part) {
        const { start } = this.token;
        const first = part();
        if (!this.is(kind))
            return first;
        const operands = [first];
        while (this.eat(kind))
            operands.push(part());
        return this.node({ kind, operands }, start);
    }
    inversion() {
        if (!this.is('not'))
            return this.comparison();
        const { start } = this.token;
        this.advance();
        const operand = this.deeper(() => this.inversion());
        return this.node({ kind: 'unary', operator: 'not', operand }, start);
    }
    comparison() {
        const { start } = this.token;
        const first = this.operation(LOOSEST);
        const rest = [];
        for (let operator = this.comparisonOperator(); operator !== null; operator = this.comparisonOperator()) {
            rest.push({ operator, operand: this.operation(LOOSEST) });
        }
        return rest.length === 0 ? first : this.node({ kind: 'comparison', first, rest }, start);
    }
    comparisonOperator() {
        const { token } = this;
        if (token.kind === 'operator' && COMPARISONS.has(token.text)) {
            this.advance();
            return token.text;
        }
        if (this.eat('in'))
            return 'in';
        if (this.eat('is'))
            return this.eat('not') ? 'is not' : 'is';
        if (!this.is('not'))
            return null;
        this.advance();
        if (!this.is('in'))
            this.fail("'in' was expected after 'not'", token.start, this.token.end);
        this.advance();
        return 'not in';
    }
    operation(tightest) {
        const { start } = this.token;
        let left = this.unary();
        for (let links = 0;; links++) {
            // Each link nests the tree one deeper on its left, and whoever walks it recurses.
            if (links > MAX_OPERATORS)
                this.fail(`a chain of more than ${MAX_OPERATORS} operators`);
            const { token } = this;
            const binding = token.kind === 'operator' ? BINDING.get(token.text) : undefined;
            if (binding === undefined || binding < tightest)
                return left;
            if (token.text === '@')
                this.fail("the matrix operator '@' is not supported");
            this.advance();
            const right = this.operation(binding + 1);
            left = this.node({ kind: 'binary', operator: token.text, left, right }, start);
        }
    }
    unary() {
        const { token } = this;
        if (!this.is('-') && !this.is('+') && !this.is('~'))
            return this.power();
        this.advance();
        const operand = this.deeper(() => this.unary());
        return this.node({ kind: 'unary', operator: token.text, operand }, token.start);
    }
    power() {
        const { start } = this.token;
        const left = this.primary();
        if (!this.is('**'))
            return left;
        this.advance();
        const right = this.deeper(() => this.unary());
        return this.node({ kind: 'binary', operator: '**', left, right }, start);
    }
    primary() {
        const { start } = this.token;
        let node = this.atom();
        for (let links = 0;; links++) {
            if (links > MAX_CHAIN)
                this.fail(`a chain of more than ${MAX_CHAIN} calls and subscripts`);
            if (this.is('('))
                node = this.call(node, start);
            else if (this.is('[')) {
                this.open('[');
                const index = this.subscript();
                this.close(']');
                node = this.node({ kind: 'subscript', object: node, index }, start);
            }
            else if (this.eat('.')) {
                if (this.token.kind !== 'name')
                    this.fail("a name was expected after '.'");
                const name = this.token.text;
                this.advance();
                node = this.node({ kind: 'attribute', object: node, name }, start);
            }
            else
                return node;
        }
    }
    call(callee, start) {
        this.open('(');
        const positional = [];
        const named = [];
        while (!this.is(')')) {
            this.argument(positional, named);
            if (!this.is(')') && !this.is(','))
                this.close(')');
            this.eat(',');
        }
        this.close(')');
        return this.node({ kind: 'call', callee, positional, named }, start);
    }
    argument(positional, named) {
        const { start } = this.token;
        if (this.eat('**')) {
            named.push({ name: null, value: this.expression() });
            return;
        }
        if (this.is('*')) {
            if (named.some((argument) => argument.name === null))
                this.fail('a starred argument follows a ** argument');
            this.advance();
            positional.push(this.node({ kind: 'starred', value: this.expression() }, start));
            return;
        }
        const value = this.named();
        if (this.is('=')) {
            if (value.kind !== 'name' || value.start !== start) {
                this.fail("only a plain name can stand before '='; did you mean '=='?", value.start, this.token.end);
            }
            if (named.some((argument) => argument.name === value.name)) {
                this.fail(`argument '${value.name}' is given twice`, value.start, value.end);
            }
            this.advance();
            named.push({ name: value.name, value: this.expression() });
            return;
        }
        if (this.is('for') || this.is('async')) {
            const generator = this.comprehension('generator', value, null, start);
            if (!this.is(')') || positional.length > 0 || named.length > 0) {
                this.fail('a generator beside other arguments needs parentheses', generator.start, generator.end);
            }
            positional.push(generator);
            return;
        }
        if (named.length > 0)
            this.fail('an argument without a name follows a named one', value.start, value.end);
        positional.push(value);
    }
    subscript() {
        const { start } = this.token;
        const first = this.sliceOrIndex();
        if (!this.is(','))
            return first;
        const items = [first];
        while (this.eat(',')) {
            if (this.is(']'))
                break;
            items.push(this.sliceOrIndex());
        }
        return this.node({ kind: 'tuple', items }, start);
    }
    sliceOrIndex() {
        const { start } = this.token;
        if (this.is(']'))
            this.fail('an index or a slice was expected');
        let from = null;
        if (!this.is(':')) {
            from = this.named();
            if (!this.is(':'))
                return from;
            if (from.kind === 'walrus' && from.start === start)
                this.fail("':=' inside a slice needs parentheses");
        }
        this.advance();
        const ends = () => this.is(':') || this.is(']') || this.is(',');
        const to = ends() ? null : this.expression();
        const step = this.eat(':') && !ends() ? this.expression() : null;
        return this.node({ kind: 'slice', from, to, step }, start);
    }
    comprehension(form, item, value, start) {
        if (item.kind === 'starred')
            this.fail('a starred value is not allowed in a comprehension', item.start, item.end);
        const clauses = [];
        while (this.is('for') || this.is('async')) {
            if (this.is('async'))
                this.fail("'async' comprehensions are not supported");
            this.advance();
            const target = this.target();
            if (!this.is('in'))
                this.refuse("'in' was expected");
            this.advance();
            const source = this.disjunction();
            const conditions = [];
            while (this.eat('if')) {
                conditions.push(this.disjunction());
                if (this.is('else')) {
                    this.fail("'else' is not allowed in a filter; put the choice before 'for'");
                }
                if (this.is(':='))
                    this.fail("':=' in a filter needs parentheses");
            }
            clauses.push({ target, source, conditions });
        }
        return this.node({ kind: 'comprehension', form, clauses, item, value }, start);
    }
    target() {
        const { start } = this.token;
        const first = this.singleTarget();
        if (!this.is(','))
            return first;
        const targets = [first];
        while (this.eat(',')) {
            if (this.is('in') || this.is(')') || this.is(']'))
                break;
            targets.push(this.singleTarget());
        }
        return { kind: 'unpack', targets, start, end: this.previousEnd };
    }
    singleTarget() {
        const { token } = this;
        if (token.kind === 'name') {
            this.advance();
            return { kind: 'name', name: token.text, start: token.start, end: token.end };
        }
        if (this.is('*'))
            this.fail('a starred name after for is not supported');
        if (!this.is('(') && !this.is('['))
            this.fail("a name was expected after 'for'");
        return this.deeper(() => {
            const list = this.is('[');
            this.open(list ? '[' : '(');
            const inner = this.target();
            this.close(list ? ']' : ')');
            // Brackets unpack even a single name; parentheses alone do not.
            if (!list || inner.kind === 'unpack')
                return inner;
            return { kind: 'unpack', targets: [inner], start: token.start, end: this.previousEnd };
        });
    }
    // --- atoms
    atom() {
        const { token } = this;
        switch (token.kind) {
            case 'name':
                this.advance();
                return this.node({ kind: 'name', name: token.text }, token.start);
            case 'number':
                this.advance();
                return this.node({ kind: 'constant', value: token.value }, token.start);
            case 'string':
            case 'fstring':
                return this.strings();
            case 'keyword':
                if (token.text !== 'True' && token.text !== 'False' && token.text !== 'None')
                    return this.refuse();
                this.advance();
                return this.node({ kind: 'constant', value: token.text === 'None' ? null : token.text === 'True' }, token.start);
            case 'operator':
                if (token.text === '(')
                    return this.deeper(() => this.parenthesised());
                if (token.text === '[')
                    return this.deeper(() => this.list());
                if (token.text === '{')
                    return this.deeper(() => this.dictOrSet());
                return this.refuse();
            case 'end':
                return this.refuse();
            default:
                return token;
        }
    }
    parenthesised() {
        const { start } = this.token;
        this.open('(');
        if (this.is(')')) {
            this.close(')');
            return this.node({ kind: 'tuple', items: [] }, start);
        }
        const first = this.starredOr(true, true);
        if (this.is('for') || this.is('async'))
            return this.closed(this.comprehension('generator', first, null, start), ')');
        if (this.is(',')) {
            const items = this.more(first, ')');
            return this.node({ kind: 'tuple', items }, start);
        }
        if (first.kind === 'starred')
            this.fail('a starred value is not allowed here', first.start, first.end);
        this.close(')');
        return first;
    }
    list() {
        const { start } = this.token;
        this.open('[');
        if (this.is(']')) {
            this.close(']');
            return this.node({ kind: 'list', items: [] }, start);
        }
        const first = this.starredOr(true, true);
        if (this.is('for') || this.is('async'))
            return this.closed(this.comprehension('list', first, null, start), ']');
        const items = this.more(first, ']');
        return this.node({ kind: 'list', items }, start);
    }
    dictOrSet() {
        const { start } = this.token;
        this.open('{');
        if (this.is('}')) {
            this.close('}');
            return this.node({ kind: 'dict', entries: [] }, start);
        }
        if (this.eat('**'))
            return this.dict([[null, this.operation(LOOSEST)]], start);
        const first = this.starredOr(true, true);
        if (this.is(':')) {
            if (first.kind === 'starred' ||
                (first.kind === 'walrus' && first.start === this.brackets.at(-1).at + 1)) {
                this.fail('this cannot be a key', first.start, first.end);
            }
            this.advance();
            const value = this.expression();
            if (this.is('for') || this.is('async'))
                return this.closed(this.comprehension('dict', first, value, start), '}');
            return this.dict([[first, value]], start);
        }
        if (this.is('for') || this.is('async'))
            return this.closed(this.comprehension('set', first, null, start), '}');
        const items = this.more(first, '}');
        return this.node({ kind: 'set', items }, start);
    }
    dict(entries, start) {
        while (this.eat(',')) {
            if (this.is('}'))
                break;
            if (this.eat('**')) {
                entries.push([null, this.operation(LOOSEST)]);
                continue;
            }
            const key = this.expression();
            if (!this.is(':'))
                this.refuse("a ':' was expected after the key");
            this.advance();
            entries.push([key, this.expression()]);
        }
        this.close('}');
        return this.node({ kind: 'dict', entries }, start);
    }
    /** The rest of a display after its first item, with the closing bracket. */
    more(first, closing) {
        const items = [first];
        while (this.eat(',')) {
            if (this.is(closing))
                break;
            items.push(this.starredOr(true, true));
        }
        this.close(closing);
        return items;
    }
    closed(node, closing) {
        this.close(closing);
        return { ...node, end: this.previousEnd };
    }
    // --- strings
    /** One string literal or several side by side, which are one string. */
    strings() {
        const { start } = this.token;
        const parts = [];
        for (;;) {
            const { token } = this;
            if (token.kind === 'string')
                parts.push(token.value);
            else if (token.kind === 'fstring')
                parts.push(...this.formatted(token));
            else
                break;
            this.advance();
        }
        const merged = mergeText(parts);
        if (merged.every((part) => typeof part === 'string')) {
            return this.node({ kind: 'constant', value: merged.join('') }, start);
        }
        return this.node({ kind: 'formatted', parts: merged }, start);
    }
}

;// CONCATENATED MODULE: ./build/expression/expression.js
// The front door: source text in, something to evaluate out. Whatever fails leaves as one of the two typed errors.






/** Compiles an expression. Throws ExpressionSyntaxError. */
function expression_compileExpression(source, limits = limits_DEFAULT_LIMITS) {
    const tree = parseExpression(source, limits);
    const shape = new scope_FrameShape(null);
    const scope = new scope_Scope('top', shape, null);
    const code = compileTree(tree, source, scope);
    const slots = [...readNames(tree, true)].map((name) => [name, scope.declare(name)]);
    const changes = mayChange(tree);
    return {
        source,
        names: freeNames(tree),
        evaluate(fields, evaluation) {
            const frame = new Frame(shape.size, null);
            return guarded(source, evaluation, () => {
                const copier = changes ? new Copier(evaluation) : null;
                for (const [name, slot] of slots) {
                    const value = fields.get(name);
                    frame.slots[slot] = value === undefined || copier === null ? value : copier.copy(value);
                }
                return code(frame, evaluation);
            });
        },
    };
}
/** Runs compiled code and gives whatever fails its place. A stack that runs out counts as a limit. */
function guarded(source, evaluation, run) {
    const { depth } = evaluation;
    try {
        return run();
    }
    catch (error) {
        throw located(error, source, evaluation);
    }
    finally {
        evaluation.depth = depth;
    }
}
/** The error with its line and column, when it has none yet. */
function located(error, source, evaluation) {
    const known = error instanceof RangeError ? new ExpressionError('LimitError', 'nested too deeply') : error;
    if (known instanceof ExpressionError && known.line === null) {
        const place = placeOf(source, evaluation.at);
        known.line = place.line;
        known.column = place.column;
    }
    return known;
}
/** Free names of a tree: read somewhere, and defined neither by a loop, a lambda nor `:=`. */
function freeNames(tree) {
    const names = readNames(tree, true);
    for (const name of walrusNames(tree))
        names.delete(name);
    return names;
}
// Names a node reads from outside itself; at the top level those that `:=` fills count too, since they are fields
// until then.
function readNames(node, top) {
    const names = new Set();
    if (node.kind === 'name')
        names.add(node.name);
    else if (node.kind === 'comprehension')
        addComprehensionNames(node, names);
    else if (node.kind === 'lambda') {
        const own = new Set([...node.parameters.map((parameter) => parameter.name), ...walrusNames(node.body)]);
        for (const name of readNames(node.body, false))
            if (!own.has(name))
                names.add(name);
        for (const parameter of node.parameters) {
            if (parameter.default !== null)
                for (const name of readNames(parameter.default, top))
                    names.add(name);
        }
    }
    else
        for (const child of children(node))
            for (const name of readNames(child, top))
                names.add(name);
    return names;
}
function addComprehensionNames(node, names) {
    const own = new Set(node.clauses.flatMap((clause) => targetNames(clause.target)));
    const [first, ...inner] = [...children(node)];
    for (const name of readNames(first, false))
        names.add(name);
    for (const child of inner)
        for (const name of readNames(child, false))
            if (!own.has(name))
                names.add(name);
}

;// CONCATENATED MODULE: ./build/expression/program.js
// A step's assignments as one program: names become slots once, and a unit runs without maps or look-ups.










/** Every syntax error of a program; empty when it compiles. */
function programProblems(source, limits = DEFAULT_LIMITS) {
    const problems = [];
    for (const { part, index, name, expr } of listAssignments(source)) {
        try {
            program_compileOne(name, expr, new Scope('top', new FrameShape(null), null), limits);
        }
        catch (error) {
            if (!(error instanceof ExpressionSyntaxError))
                throw error;
            problems.push({ part, index, name, error });
        }
    }
    return problems;
}
function* listAssignments(source) {
    for (const part of ['init', 'expressions']) {
        for (const [index, { name, expr }] of source[part].entries())
            yield { part, index, name, expr };
    }
    if (source.loopUntil !== null)
        yield { part: 'loopUntil', index: 0, name: LOOP, expr: source.loopUntil };
}
const LOOP = 'loop_until';
/** Compiles a program. Throws ExpressionSyntaxError for its first mistake; `programProblems` lists them all. */
function compileProgram(source, limits = limits_DEFAULT_LIMITS) {
    const shape = new scope_FrameShape(null);
    const scope = new scope_Scope('top', shape, null);
    const compileAll = (assignments) => assignments.map(({ name, expr }) => ({
        ...program_compileOne(name, expr, scope, limits),
        slot: scope.declare(name),
    }));
    const init = compileAll(source.init);
    const expressions = compileAll(source.expressions);
    const loop = source.loopUntil === null ? null : program_compileOne(LOOP, source.loopUntil, scope, limits);
    const names = expectedFields(source, limits);
    const readable = allNames(source, limits).map((name) => [name, scope.declare(name)]);
    const changes = [...init, ...expressions, ...(loop === null ? [] : [loop])].some((part) => part.changes);
    const readableSlots = new Map(readable);
    const assignedSlots = [
        ...new Map([...init, ...expressions].map(({ name, slot }) => [name, slot])),
    ];
    return {
        names,
        run(fields, evaluation) {
            const frame = new Frame(shape.size, null);
            const copier = changes ? new Copier(evaluation) : null;
            // Units have few fields, programs read many names: those of builtins too.
            for (const [name, value] of fields) {
                const slot = readableSlots.get(name);
                if (slot !== undefined)
                    frame.slots[slot] = copier === null ? value : copier.copy(value);
            }
            for (const assignment of init)
                perform(assignment, frame, evaluation);
            let iterations = 0;
            let finished = false;
            do {
                for (let i = 0; i < expressions.length; i++)
                    perform(expressions[i], frame, evaluation);
                iterations++;
                finished = loop === null || isTruthy(evaluate(loop, frame, evaluation));
            } while (!finished && iterations < source.maxIterations);
            const assigned = new Map();
            for (let i = 0; i < assignedSlots.length; i++) {
                const [name, slot] = assignedSlots[i];
                assigned.set(name, frame.slots[slot]);
            }
            if (changes)
                addChanged(assigned, fields, readable, frame, evaluation);
            return { assigned, iterations, timedOut: !finished };
        },
    };
}
// A field changed in place counts as assigned: the copy the program worked on is the unit's new value.
function addChanged(assigned, fields, readable, frame, evaluation) {
    for (const [name, slot] of readable) {
        const before = fields.get(name);
        const after = frame.slots[slot];
        if (before === undefined || after === undefined || assigned.has(name))
            continue;
        if (!isUnchanged(evaluation, before, after))
            assigned.set(name, after);
    }
}
function program_compileOne(name, source, scope, limits) {
    const tree = parseExpression(source, limits);
    const code = compileTree(tree, source, scope);
    return { name, source, code, cost: weight(tree), changes: mayChange(tree) };
}
function perform(assignment, frame, evaluation) {
    frame.slots[assignment.slot] = evaluate(assignment, frame, evaluation);
}
function evaluate(assignment, frame, evaluation) {
    const { depth } = evaluation;
    try {
        evaluation.at = 0;
        spend(evaluation, assignment.cost);
        return assignment.code(frame, evaluation);
    }
    catch (error) {
        evaluation.depth = depth;
        const failure = located(error, assignment.source, evaluation);
        if (failure instanceof ExpressionError)
            failure.assignment ??= assignment.name;
        throw failure;
    }
}
function namesOf(source, limits) {
    return freeNames(parseExpression(source, limits));
}
function allNames(source, limits) {
    const names = new Set();
    for (const { expr } of listAssignments(source))
        for (const name of namesOf(expr, limits))
            names.add(name);
    return [...names];
}
// A name that is assigned before it is first read is the program's own.
function expectedFields(source, limits) {
    const known = new Set();
    const expected = new Set();
    for (const { name, expr } of listAssignments(source)) {
        for (const read of namesOf(expr, limits))
            if (!known.has(read))
                expected.add(read);
        known.add(name);
    }
    return expected;
}

;// CONCATENATED MODULE: ./build/simulation/field-text.js
// A computed value as JSON text that can be kept: bounded in size, and sure to be read back. It changes no value; one
// that cannot be kept is refused with Python's error.




/** Characters of JSON one step may assign to one unit, counted low: a list of a million small integers fits. */
const MAX_STEP_TEXT = 2 ** 23;
// Longer integers are refused by the reader, as by Python.
const field_text_MAX_DIGITS = 4300;
/**
 * JSON text of a field's value. Throws ExpressionError: LimitError when it is too large or too deep, ValueError for
 * inf, nan and integers too long to read back, TypeError for what is not data.
 */
function writeField(value, room) {
    // Measured first: `[text] * 1000000` is one small list in memory and a terabyte of JSON.
    measure(value, 2, room);
    return json_stringifyJson(value);
}
// Takes at most the length of the value's JSON from the room. Level 1 is the object of fields itself.
function measure(value, level, room) {
    take(room, field_text_lengthOf(value));
    const parts = partsOf(value);
    if (parts === null)
        return;
    if (level > limits_DEFAULT_LIMITS.depth)
        raiseLimit(`data nested deeper than ${limits_DEFAULT_LIMITS.depth} levels`);
    for (const part of parts)
        measure(part, level + 1, room);
}
function field_text_lengthOf(value) {
    if (typeof value === 'string')
        return value.length + 2;
    if (value instanceof PyRange)
        return value.length * 2;
    if (typeof value !== 'bigint')
        return 2;
    const digits = value.toString().length;
    if (digits > field_text_MAX_DIGITS) {
        errors_raise('ValueError', `Exceeds the limit (${field_text_MAX_DIGITS} digits) for integer string conversion`);
    }
    return digits;
}
function* dictParts(dict) {
    for (const [key, value] of dict.entries) {
        if (typeof key === 'string')
            yield key;
        yield value;
    }
}
function partsOf(value) {
    if (value instanceof PyList)
        return listItems(value);
    if (value instanceof PyTuple)
        return value.items;
    if (value instanceof PySet)
        return value.entries.values();
    if (value instanceof PyDict)
        return dictParts(value);
    if (value instanceof PyView)
        return dictParts(value.dict);
    return null;
}
function take(room, length) {
    if ((room.left -= length) < 0)
        raiseLimit(`results of more than ${MAX_STEP_TEXT} characters`);
}

// EXTERNAL MODULE: ./node_modules/seedrandom/lib/tychei.js
var tychei = __nccwpck_require__(802);
// EXTERNAL MODULE: ./node_modules/seedrandom/seedrandom.js
var seedrandom = __nccwpck_require__(42);
;// CONCATENATED MODULE: ./build/expression/sha256.js
// SHA-256 of text (FIPS 180-4), synchronous and without a `node:` module, so that the core can name things by their
// content. Streams and requests of every unit are named by it, nearly always out of one or two blocks: a library's general
// way, with an object and views for each text, cost three times as much.
// The first 32 bits of the fractions of the cube roots of the first 64 primes, and of the square roots of the first 8.
const PRIMES = firstPrimes(64);
const K = Int32Array.from(PRIMES, (prime) => fractionBits(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const BLOCK = 64;
// Shared by all calls: nothing here is asynchronous.
const schedule = new Int32Array(64);
const state = new Int32Array(8);
const small = new Uint8Array(1024);
const tail = new Uint8Array(2 * BLOCK);
const encoder = new TextEncoder();
/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits. Lone surrogates hash as U+FFFD. */
function sha256Hex(text) {
    const bytes = isPlain(text) ? small : encoder.encode(text);
    const length = bytes === small ? text.length : bytes.length;
    state.set(START);
    let at = 0;
    for (; at + BLOCK <= length; at += BLOCK)
        mix(bytes, at);
    // What is left, a one bit, zeros, and the length in bits as the last eight bytes.
    const rest = length - at;
    const size = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
    tail.fill(0, rest, size);
    for (let i = 0; i < rest; i++)
        tail[i] = bytes[at + i];
    tail[rest] = 0x80;
    writeWord(size - 8, Math.floor(length / 2 ** 29));
    writeWord(size - 4, (length << 3) | 0);
    for (let from = 0; from < size; from += BLOCK)
        mix(tail, from);
    let hex = '';
    for (let i = 0; i < 8; i++) {
        const word = state[i];
        hex += HEX[word >>> 24] + HEX[(word >>> 16) & 255] + HEX[(word >>> 8) & 255] + HEX[word & 255];
    }
    return hex;
}
/** Puts a short ASCII text into `small`; false: it is none. */
function isPlain(text) {
    const { length } = text;
    if (length > small.length)
        return false;
    for (let i = 0; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127)
            return false;
        small[i] = code;
    }
    return true;
}
function writeWord(at, word) {
    tail[at] = word >>> 24;
    tail[at + 1] = word >>> 16;
    tail[at + 2] = word >>> 8;
    tail[at + 3] = word;
}
/** Works one block of 64 bytes into the state. */
function mix(bytes, from) {
    const w = schedule;
    for (let i = 0, at = from; i < 16; i++, at += 4) {
        w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i++) {
        const x = w[i - 15];
        const y = w[i - 2];
        const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let i = 0; i < 64; i++) {
        const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + t1) | 0;
        d = c;
        c = b;
        b = a;
        a = (t1 + t2) | 0;
    }
    state[0] = state[0] + a;
    state[1] = state[1] + b;
    state[2] = state[2] + c;
    state[3] = state[3] + d;
    state[4] = state[4] + e;
    state[5] = state[5] + f;
    state[6] = state[6] + g;
    state[7] = state[7] + h;
}
function firstPrimes(count) {
    const primes = [];
    for (let n = 2; primes.length < count; n++)
        if (primes.every((prime) => n % prime !== 0))
            primes.push(n);
    return primes;
}
function fractionBits(root) {
    return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
}

;// CONCATENATED MODULE: ./node_modules/@noble/hashes/_u64.js
const U32_MASK64 = /* @__PURE__ */ (() => BigInt(2 ** 32 - 1))();
const _32n = /* @__PURE__ */ BigInt(32);
// Split bigint into two 32-bit halves. With `le=true`, returned fields become `{ h: low, l: high
// }` to match little-endian word order rather than the property names.
function fromBig(n, le = false) {
    if (le)
        return { h: Number(n & U32_MASK64), l: Number((n >> _32n) & U32_MASK64) };
    return { h: Number((n >> _32n) & U32_MASK64) | 0, l: Number(n & U32_MASK64) | 0 };
}
// Split bigint list into `[highWords, lowWords]` when `le=false`; with `le=true`, the first array
// holds the low halves because `fromBig(...)` swaps the semantic meaning of `h` and `l`.
function _u64_split(lst, le = false) {
    const len = lst.length;
    let Ah = new Uint32Array(len);
    let Al = new Uint32Array(len);
    for (let i = 0; i < len; i++) {
        const { h, l } = fromBig(lst[i], le);
        [Ah[i], Al[i]] = [h, l];
    }
    return [Ah, Al];
}
// Combine explicit `(high, low)` 32-bit halves into a bigint; `>>> 0` normalizes signed JS
// bitwise results back to uint32 first, and little-endian callers must swap.
const toBig = (h, l) => (BigInt(h >>> 0) << _32n) | BigInt(l >>> 0);
// Split a JS number into u32 halves without a BigInt allocation. Exact only for integers
// `0 <= n < 2**53`; callers use it on byte / bit counters, which JS length math caps far below
// that (an ArrayBuffer cannot exceed 2**53 - 1 bytes).
const fromNumH = (n) => (n / 2 ** 32) | 0;
const fromNumL = (n) => n >>> 0;
// Drop-in replacement for `view.setBigUint64(byteOffset, BigInt(n), isLE)` without the per-call
// BigInt allocation. Same `n < 2**53` precondition as `fromNumH`/`fromNumL`.
function setU64FromNum(view, byteOffset, n, isLE) {
    const h = fromNumH(n);
    const l = fromNumL(n);
    view.setUint32(byteOffset, isLE ? l : h, isLE);
    view.setUint32(byteOffset + 4, isLE ? h : l, isLE);
}
// High 32-bit half of a 64-bit logical right shift for `s` in `0..31`.
const shrSH = (h, _l, s) => h >>> s;
// Low 32-bit half of a 64-bit logical right shift, valid for `s` in `1..31`.
const shrSL = (h, l, s) => (h << (32 - s)) | (l >>> s);
// High 32-bit half of a 64-bit right rotate, valid for `s` in `1..31`.
const rotrSH = (h, l, s) => (h >>> s) | (l << (32 - s));
// Low 32-bit half of a 64-bit right rotate, valid for `s` in `1..31`.
const rotrSL = (h, l, s) => (h << (32 - s)) | (l >>> s);
// High 32-bit half of a 64-bit right rotate, valid for `s` in `33..63`; `32` uses `rotr32*`.
const rotrBH = (h, l, s) => (h << (64 - s)) | (l >>> (s - 32));
// Low 32-bit half of a 64-bit right rotate, valid for `s` in `33..63`; `32` uses `rotr32*`.
const rotrBL = (h, l, s) => (h >>> (s - 32)) | (l << (64 - s));
// High 32-bit half of a 64-bit right rotate for `s === 32`; this is just the swapped low half.
const rotr32H = (_h, l) => l;
// Low 32-bit half of a 64-bit right rotate for `s === 32`; this is just the swapped high half.
const rotr32L = (h, _l) => h;
// 64-bit left rotates (rotl*) are not defined here: sha3.ts, their only consumer, keeps
// local copies so V8 inlines them into keccakP.
// Add two split 64-bit words and return the split `{ h, l }` sum.
// JS uses 32-bit signed integers for bitwise operations, so we cannot simply shift the carry out
// of the low sum and instead use division.
function _u64_add(Ah, Al, Bh, Bl) {
    const l = (Al >>> 0) + (Bl >>> 0);
    return { h: (Ah + Bh + ((l / 2 ** 32) | 0)) | 0, l: l | 0 };
}
// Addition with more than 2 elements
// Unmasked low-word accumulator for 3-way addition; pass the raw result into `add3H(...)`.
const add3L = (Al, Bl, Cl) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0);
// High-word finalize step for 3-way addition; `low` must be the untruncated output of `add3L(...)`.
const add3H = (low, Ah, Bh, Ch) => (Ah + Bh + Ch + ((low / 2 ** 32) | 0)) | 0;
// Unmasked low-word accumulator for 4-way addition; pass the raw result into `add4H(...)`.
const add4L = (Al, Bl, Cl, Dl) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0) + (Dl >>> 0);
// High-word finalize step for 4-way addition; `low` must be the untruncated output of `add4L(...)`.
const add4H = (low, Ah, Bh, Ch, Dh) => (Ah + Bh + Ch + Dh + ((low / 2 ** 32) | 0)) | 0;
// Unmasked low-word accumulator for 5-way addition; pass the raw result into `add5H(...)`.
const add5L = (Al, Bl, Cl, Dl, El) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0) + (Dl >>> 0) + (El >>> 0);
// High-word finalize step for 5-way addition; `low` must be the untruncated output of `add5L(...)`.
const add5H = (low, Ah, Bh, Ch, Dh, Eh) => (Ah + Bh + Ch + Dh + Eh + ((low / 2 ** 32) | 0)) | 0;
// prettier-ignore


;// CONCATENATED MODULE: ./node_modules/@noble/hashes/utils.js
/**
 * Checks if something is Uint8Array. Be careful: nodejs Buffer will return true.
 * @param a - value to test
 * @returns `true` when the value is a Uint8Array-compatible view.
 * @example
 * Check whether a value is a Uint8Array-compatible view.
 * ```ts
 * isBytes(new Uint8Array([1, 2, 3]));
 * ```
 */
function isBytes(a) {
    // Plain `instanceof Uint8Array` is too strict for some Buffer / proxy / cross-realm cases.
    // The fallback still requires a real ArrayBuffer view, so plain
    // JSON-deserialized `{ constructor: ... }` spoofing is rejected, and
    // `BYTES_PER_ELEMENT === 1` keeps the fallback on byte-oriented views.
    return (a instanceof Uint8Array ||
        (ArrayBuffer.isView(a) &&
            a.constructor.name === 'Uint8Array' &&
            'BYTES_PER_ELEMENT' in a &&
            a.BYTES_PER_ELEMENT === 1));
}
// Shared error-message prefix builder. Only called on throw paths, so assert
// success paths never pay for the string concatenation.
const atitle = (title) => (title ? `"${title}" ` : '');
/**
 * Asserts something is a non-negative integer.
 * @param n - number to validate
 * @param title - label included in thrown errors
 * @returns The validated number.
 * @throws On wrong argument types. {@link TypeError}
 * @throws On wrong argument ranges or values. {@link RangeError}
 * @example
 * Validate a non-negative integer option.
 * ```ts
 * anumber(32, 'length');
 * ```
 */
function anumber(n, title = '') {
    if (typeof n !== 'number')
        throw new TypeError(atitle(title) + 'expected number, got ' + typeof n);
    if (!Number.isSafeInteger(n) || n < 0)
        throw new RangeError(atitle(title) + 'expected integer >= 0, got ' + n);
    return n;
}
/**
 * Asserts something is a boolean.
 * @param value - value to validate
 * @param title - label included in thrown errors
 * @returns The validated boolean.
 * @throws On wrong argument types. {@link TypeError}
 * @example
 * Validate a boolean option.
 * ```ts
 * abool(true, 'enableXOF');
 * ```
 */
function abool(value, title = '') {
    if (typeof value !== 'boolean')
        throw new TypeError(atitle(title) + 'expected boolean, got type=' + typeof value);
    return value;
}
/**
 * Asserts something is Uint8Array.
 * @param value - value to validate
 * @param length - optional exact length constraint
 * @param title - label included in thrown errors
 * @returns The validated byte array.
 * @throws On wrong argument types. {@link TypeError}
 * @throws On wrong argument ranges or values. {@link RangeError}
 * @example
 * Validate that a value is a byte array.
 * ```ts
 * abytes(new Uint8Array([1, 2, 3]));
 * ```
 */
function abytes(value, length, title = '') {
    // Success path first: this runs at the start of every update() / digestInto(), and the
    // common `abytes(data)` form must not pay for length handling it does not use.
    if (isBytes(value) && (length === undefined || value.length === length))
        return value;
    // Error path: recompute freely to build the exact message.
    if (length !== undefined)
        anumber(length, 'length');
    const bytes = isBytes(value);
    const ofLen = length !== undefined ? ` of length ${length}` : '';
    const got = bytes ? `length=${value.length}` : `type=${typeof value}`;
    const message = atitle(title) + 'expected Uint8Array' + ofLen + ', got ' + got;
    if (!bytes)
        throw new TypeError(message);
    throw new RangeError(message);
}
/**
 * Copies bytes into a fresh Uint8Array.
 * Buffer-style slices can alias the same backing store, so callers that need ownership should copy.
 * @param bytes - source bytes to clone
 * @returns Freshly allocated copy of `bytes`.
 * @throws On wrong argument types. {@link TypeError}
 * @example
 * Clone a byte array before mutating it.
 * ```ts
 * const copy = copyBytes(new Uint8Array([1, 2, 3]));
 * ```
 */
function copyBytes(bytes) {
    // `Uint8Array.from(...)` would also accept arrays / other typed arrays. Keep this helper strict
    // because callers use it at byte-validation boundaries before mutating the detached copy.
    return Uint8Array.from(abytes(bytes));
}
/**
 * Asserts something is a wrapped hash constructor.
 * @param h - hash constructor to validate
 * @throws On wrong argument types or invalid hash wrapper shape. {@link TypeError}
 * @throws On invalid hash metadata ranges or values. {@link RangeError}
 * @throws If the hash metadata allows empty outputs or block sizes. {@link Error}
 * @example
 * Validate a callable hash wrapper.
 * ```ts
 * import { ahash } from '@noble/hashes/utils.js';
 * import { sha256 } from '@noble/hashes/sha2.js';
 * ahash(sha256);
 * ```
 */
function ahash(h) {
    if (typeof h !== 'function' || typeof h.create !== 'function')
        throw new TypeError('expected hash wrapped by utils.createHasher');
    anumber(h.outputLen);
    anumber(h.blockLen);
    // HMAC and KDF callers treat these as real byte lengths; allowing zero lets fake wrappers pass
    // validation and can produce empty outputs instead of failing fast.
    if (h.outputLen < 1 || h.blockLen < 1)
        throw new Error('hash blockLen / outputLen must be >= 1');
}
const aobject = (value, label) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value))
        throw new TypeError((label === 'object' ? '' : `"${label}" `) + 'expected object, got type=' + typeof value);
};
const aopts = (value, label) => {
    aobject(value, label);
    const proto = Object.getPrototypeOf(value);
    if (proto !== Object.prototype && proto !== null)
        throw new TypeError(`"${label}" expected plain object`);
    // Object.assign() treats an own "__proto__" source key as a write to the target's legacy
    // prototype setter. Reject it before merging so inherited option values cannot be injected.
    if (Object.hasOwn(value, '__proto__'))
        throw new TypeError(`"${label}.__proto__" is not allowed`);
};
/**
 * Asserts a hash instance has not been destroyed or finished.
 * @param instance - hash instance to validate
 * @param checkFinished - whether to reject finalized instances
 * @throws If the hash instance has already been destroyed or finalized. {@link Error}
 * @example
 * Validate that a hash instance is still usable.
 * ```ts
 * import { aexists } from '@noble/hashes/utils.js';
 * import { sha256 } from '@noble/hashes/sha2.js';
 * const hash = sha256.create();
 * aexists(hash);
 * ```
 */
function aexists(instance, checkFinished = true) {
    // Runs on every update()/digestInto(); the flags are library-owned booleans, so only their
    // truthiness is checked - re-validating their type per call was pure hot-path overhead.
    if (instance.destroyed)
        throw new Error('hash was destroyed');
    if (checkFinished && instance.finished)
        throw new Error('digest() was already called');
}
/**
 * Asserts output is a sufficiently-sized byte array.
 * @param out - destination buffer
 * @param instance - hash instance providing output length
 * Oversized buffers are allowed; downstream code only promises to fill the first `outputLen` bytes.
 * @throws On wrong argument types. {@link TypeError}
 * @throws On wrong argument ranges or values. {@link RangeError}
 * @example
 * Validate a caller-provided digest buffer.
 * ```ts
 * import { aoutput } from '@noble/hashes/utils.js';
 * import { sha256 } from '@noble/hashes/sha2.js';
 * const hash = sha256.create();
 * aoutput(new Uint8Array(hash.outputLen), hash);
 * ```
 */
function aoutput(out, instance) {
    abytes(out, undefined, 'output');
    // `outputLen` is a library-owned readonly number; the negated comparison keeps failing fast
    // when it is missing/NaN (comparisons with undefined/NaN are false) without an anumber() call.
    const min = instance.outputLen;
    if (!(out.length >= min)) {
        throw new RangeError('"output" expected length >= ' + min);
    }
}
/**
 * Casts a typed array view to Uint8Array.
 * @param arr - source typed array
 * @returns Uint8Array view over the same buffer.
 * @example
 * Reinterpret a typed array as bytes.
 * ```ts
 * u8(new Uint32Array([1, 2]));
 * ```
 */
function u8(arr) {
    return new Uint8Array(arr.buffer, arr.byteOffset, arr.byteLength);
}
/**
 * Casts a typed array view to Uint32Array.
 * `arr.byteOffset` must already be 4-byte aligned or the platform
 * Uint32Array constructor will throw.
 * @param arr - source typed array
 * @returns Uint32Array view over the same buffer.
 * @example
 * Reinterpret a byte array as 32-bit words.
 * ```ts
 * u32(new Uint8Array(8));
 * ```
 */
function u32(arr) {
    return new Uint32Array(arr.buffer, arr.byteOffset, Math.floor(arr.byteLength / 4));
}
/**
 * Zeroizes typed arrays in place. Warning: JS provides no guarantees.
 * @param arrays - arrays to overwrite with zeros
 * @example
 * Zeroize sensitive buffers in place.
 * ```ts
 * clean(new Uint8Array([1, 2, 3]));
 * ```
 */
function clean(...arrays) {
    for (let i = 0; i < arrays.length; i++) {
        arrays[i].fill(0);
    }
}
/**
 * Creates a DataView for byte-level manipulation.
 * @param arr - source typed array
 * @returns DataView over the same buffer region.
 * @example
 * Create a DataView over an existing buffer.
 * ```ts
 * createView(new Uint8Array(4));
 * ```
 */
function createView(arr) {
    return new DataView(arr.buffer, arr.byteOffset, arr.byteLength);
}
/**
 * Rotate-right operation for uint32 values.
 * @param word - source word
 * @param shift - shift amount in bits
 * @returns Rotated word.
 * @example
 * Rotate a 32-bit word to the right.
 * ```ts
 * rotr(0x12345678, 8);
 * ```
 */
function rotr(word, shift) {
    return (word << (32 - shift)) | (word >>> shift);
}
/**
 * Rotate-left operation for uint32 values.
 * @param word - source word
 * @param shift - shift amount in bits
 * @returns Rotated word.
 * @example
 * Rotate a 32-bit word to the left.
 * ```ts
 * rotl(0x12345678, 8);
 * ```
 */
function rotl(word, shift) {
    return (word << shift) | ((word >>> (32 - shift)) >>> 0);
}
/** Whether the current platform is little-endian. */
const isLE = /* @__PURE__ */ (/* unused pure expression or super */ null && ((() => new Uint8Array(new Uint32Array([0x11223344]).buffer)[0] === 0x44)()));
/**
 * Byte-swap operation for uint32 values.
 * @param word - source word
 * @returns Word with reversed byte order.
 * @example
 * Reverse the byte order of a 32-bit word.
 * ```ts
 * byteSwap(0x11223344);
 * ```
 */
function byteSwap(word) {
    return (((word << 24) & 0xff000000) |
        ((word << 8) & 0xff0000) |
        ((word >>> 8) & 0xff00) |
        ((word >>> 24) & 0xff));
}
/**
 * Conditionally byte-swaps one 32-bit word on big-endian platforms.
 * @param n - source word
 * @returns Original or byte-swapped word depending on platform endianness.
 * @example
 * Normalize a 32-bit word for host endianness.
 * ```ts
 * swap8IfBE(0x11223344);
 * ```
 */
const swap8IfBE = (/* unused pure expression or super */ null && (isLE
    ? (n) => n
    : (n) => byteSwap(n) >>> 0));
/**
 * Byte-swaps every word of a Uint32Array in place.
 * @param arr - array to mutate
 * @returns The same array after mutation; callers pass live state arrays here.
 * @example
 * Reverse the byte order of every word in place.
 * ```ts
 * byteSwap32(new Uint32Array([0x11223344]));
 * ```
 */
function byteSwap32(arr) {
    for (let i = 0; i < arr.length; i++) {
        arr[i] = byteSwap(arr[i]);
    }
    return arr;
}
/**
 * Conditionally byte-swaps a Uint32Array on big-endian platforms.
 * @param u - array to normalize for host endianness
 * @returns Original or byte-swapped array depending on platform endianness.
 *   On big-endian runtimes this mutates `u` in place via `byteSwap32(...)`.
 * @example
 * Normalize a word array for host endianness.
 * ```ts
 * swap32IfBE(new Uint32Array([0x11223344]));
 * ```
 */
const swap32IfBE = (/* unused pure expression or super */ null && (isLE
    ? (u) => u
    : byteSwap32));
// Built-in hex conversion https://caniuse.com/mdn-javascript_builtins_uint8array_fromhex
const hasHexBuiltin = /* @__PURE__ */ (() => 
// @ts-ignore
typeof Uint8Array.from([]).toHex === 'function' && typeof Uint8Array.fromHex === 'function')();
// Array where index 0xf0 (240) is mapped to string 'f0'
const hexes = /* @__PURE__ */ Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
/**
 * Convert byte array to hex string.
 * Uses the built-in function when available and assumes it matches the tested
 * fallback semantics.
 * @param bytes - bytes to encode
 * @returns Lowercase hexadecimal string.
 * @throws On wrong argument types. {@link TypeError}
 * @example
 * Convert bytes to lowercase hexadecimal.
 * ```ts
 * bytesToHex(Uint8Array.from([0xca, 0xfe, 0x01, 0x23])); // 'cafe0123'
 * ```
 */
function bytesToHex(bytes) {
    abytes(bytes);
    // @ts-ignore
    if (hasHexBuiltin)
        return bytes.toHex();
    // pre-caching improves the speed 6x
    let hex = '';
    for (let i = 0; i < bytes.length; i++) {
        hex += hexes[bytes[i]];
    }
    return hex;
}
// Strict ASCII nibble parser: non-ASCII hex lookalikes are rejected as undefined.
// ASCII codes: '0'..'9' = 48..57, 'A'..'F' = 65..70, 'a'..'f' = 97..102.
// prettier-ignore
function asciiToBase16(ch) {
    return ch >= 48 && ch <= 57 ? ch - 48 // '2' => 50-48
        : ch >= 65 && ch <= 70 ? ch - (65 - 10) // 'B' => 66-(65-10)
            : ch >= 97 && ch <= 102 ? ch - (97 - 10) // 'b' => 98-(97-10)
                : undefined;
}
/**
 * Convert hex string to byte array. Uses built-in function, when available.
 * @param hex - hexadecimal string to decode
 * @returns Decoded bytes.
 * @throws On wrong argument types. {@link TypeError}
 * @throws On wrong argument ranges or values. {@link RangeError}
 * @example
 * Decode lowercase hexadecimal into bytes.
 * ```ts
 * hexToBytes('cafe0123'); // Uint8Array.from([0xca, 0xfe, 0x01, 0x23])
 * ```
 */
function hexToBytes(hex) {
    if (typeof hex !== 'string')
        throw new TypeError('hex string expected, got ' + typeof hex);
    if (hasHexBuiltin) {
        try {
            return Uint8Array.fromHex(hex);
        }
        catch (error) {
            if (error instanceof SyntaxError)
                throw new RangeError(error.message);
            throw error;
        }
    }
    const hl = hex.length;
    const al = hl / 2;
    if (hl % 2)
        throw new RangeError('hex string expected, got unpadded hex of length ' + hl);
    const array = new Uint8Array(al);
    for (let ai = 0, hi = 0; ai < al; ai++, hi += 2) {
        const n1 = asciiToBase16(hex.charCodeAt(hi)); // parse first char, multiply it by 16
        const n2 = asciiToBase16(hex.charCodeAt(hi + 1)); // parse second char
        if (n1 === undefined || n2 === undefined) {
            const char = hex[hi] + hex[hi + 1];
            throw new RangeError('hex string expected, got non-hex character "' + char + '" at index ' + hi);
        }
        array[ai] = n1 * 16 + n2; // example: 'A9' => 10*16 + 9
    }
    return array;
}
/**
 * Yields to the host task scheduler so timers, I/O, and rendering can make progress.
 * Uses the Web Scheduling API when available or `setTimeout` as a cross-platform fallback.
 * Host-task yields are much slower than microtasks (roughly 1ms with the timer fallback), so
 * async loops should use `asyncTick >= 10` to amortize scheduling overhead to about 10% while
 * still allowing other event-loop work to proceed.
 * @param onReject - optional cleanup invoked only if the host yield fails
 * @example
 * Yield to the next scheduler tick.
 * ```ts
 * await nextTick();
 * ```
 */
function nextTick(onReject) {
    const host = globalThis;
    if (typeof host.scheduler?.yield === 'function') {
        const promise = host.scheduler.yield();
        // Keep the original scheduler rejection; this handler exists only for cleanup.
        if (onReject)
            promise.catch(onReject);
        return promise;
    }
    return new Promise((resolve) => host.setTimeout(resolve, 0));
}
/**
 * Returns control to the host event loop every `tick` milliseconds to avoid blocking long loops.
 * @param iters - number of loop iterations to run
 * @param tick - maximum time slice in milliseconds
 * @param cb - callback executed on each iteration
 * @param onReject - optional cleanup invoked only if a host yield fails
 * @throws On wrong argument types. {@link TypeError}
 * @throws On wrong argument ranges or values. {@link RangeError}
 * @example
 * Run a loop that periodically yields back to the event loop.
 * ```ts
 * await asyncLoop(2, 0, () => {});
 * ```
 */
async function asyncLoop(iters, tick, cb, onReject) {
    anumber(iters, 'iters');
    anumber(tick, 'tick');
    if (typeof cb !== 'function')
        throw new TypeError('callback must be a function');
    // Callback is synchronous by contract; asyncLoop only yields between sync work windows.
    let ts = Date.now();
    for (let i = 0; i < iters; i++) {
        cb(i);
        // Date.now() is not monotonic, so in case if clock goes backwards we return return control too
        const diff = Date.now() - ts;
        if (diff >= 0 && diff < tick)
            continue;
        await nextTick(onReject);
        // Track only synchronous work time; scheduler delay after yielding is outside our budget.
        ts = Date.now();
    }
}
/**
 * Converts string to bytes using UTF8 encoding.
 * Built-in doesn't validate input to be string: we do the check.
 * Non-ASCII details are delegated to the platform `TextEncoder`.
 * @param str - string to encode
 * @returns UTF-8 encoded bytes.
 * @throws On wrong argument types. {@link TypeError}
 * @example
 * Encode a string as UTF-8 bytes.
 * ```ts
 * utf8ToBytes('abc'); // Uint8Array.from([97, 98, 99])
 * ```
 */
function utf8ToBytes(str) {
    if (typeof str !== 'string')
        throw new TypeError('string expected');
    const encoded = new TextEncoder().encode(str);
    try {
        // Copy into the current realm for Firefox extension contexts. Callers that own the returned
        // buffer can then wipe it independently of TextEncoder's temporary result.
        return new Uint8Array(encoded); // https://bugzil.la/1681809
    }
    finally {
        clean(encoded);
    }
}
/**
 * Helper for KDFs: consumes Uint8Array or string.
 * String inputs are UTF-8 encoded; byte-array inputs stay aliased to the caller buffer.
 * @param data - user-provided KDF input
 * @param errorTitle - label included in thrown errors
 * @returns Byte representation of the input.
 * @throws On wrong argument types. {@link TypeError}
 * @example
 * Normalize KDF input to bytes.
 * ```ts
 * kdfInputToBytes('password');
 * ```
 */
function kdfInputToBytes(data, errorTitle = '') {
    if (typeof data === 'string')
        return utf8ToBytes(data);
    return abytes(data, undefined, errorTitle);
}
/**
 * Copies several Uint8Arrays into one.
 * @param arrays - arrays to concatenate
 * @returns Concatenated byte array.
 * @throws On wrong argument types. {@link TypeError}
 * @example
 * Concatenate multiple byte arrays.
 * ```ts
 * concatBytes(new Uint8Array([1]), new Uint8Array([2]));
 * ```
 */
function concatBytes(...arrays) {
    let sum = 0;
    for (let i = 0; i < arrays.length; i++) {
        const a = arrays[i];
        abytes(a);
        sum += a.length;
    }
    const res = new Uint8Array(sum);
    for (let i = 0, pad = 0; i < arrays.length; i++) {
        const a = arrays[i];
        res.set(a, pad);
        pad += a.length;
    }
    return res;
}
/**
 * Validates declared required and optional field types on a plain object.
 * This walks field schemas and formats detailed errors, so avoid it on hot paths; use direct
 * one-line guards such as `abytes()`, `abool()`, or `anumber()` instead.
 * @param object - object to validate
 * @param fields - map of required field names to expected types
 * @param optFields - map of optional field names to expected types
 * @param title - label included in thrown errors
 * @throws On wrong argument types. {@link TypeError}
 * @example
 * Validate required and optional option fields.
 * ```ts
 * validateObject({ N: 1024, dkLen: 32 }, { N: 'number' }, { dkLen: 'number' });
 * ```
 */
const validateObject = (object, fields = {}, optFields = {}, title = 'object') => {
    aobject(object, title);
    aobject(fields, 'fields');
    aobject(optFields, 'optFields');
    function checkField(fieldName, expectedType, isOpt) {
        const label = title === 'object' ? `param "${String(fieldName)}"` : `"${title}.${String(fieldName)}"`;
        // Config fields must be explicit own properties. Optional inherited values are rejected too
        // because callers keep reading the same options object after validation.
        const val = object[fieldName];
        // Runtime objects such as Field instances intentionally satisfy required method slots
        // via their shared prototype.
        if (!Object.hasOwn(object, fieldName) &&
            (isOpt ? val !== undefined : expectedType !== 'function')) {
            throw new TypeError(`${label} is invalid: expected own property`);
        }
        if (isOpt && val === undefined)
            return;
        const current = typeof val;
        if (current !== expectedType || val === null)
            throw new TypeError(`${label} is invalid: expected ${expectedType}, got ${current}`);
    }
    const iter = (f, isOpt) => Object.entries(f).forEach(([k, v]) => checkField(k, v, isOpt));
    iter(fields, false);
    iter(optFields, true);
};
/**
 * Merges default options and passed options.
 * @param defaults - base option object
 * @param opts - user overrides
 * @param title - label included in thrown override errors
 * @returns Fresh merged option object with a null prototype.
 * @throws On wrong argument types. {@link TypeError}
 * @example
 * Merge user overrides onto default options.
 * ```ts
 * checkOpts({ dkLen: 32 }, { asyncTick: 10 });
 * ```
 */
function checkOpts(defaults, opts, title = 'opts') {
    aopts(defaults, 'defaults');
    if (opts !== undefined)
        aopts(opts, title);
    // Callers read optional fields directly, so omitted values must not fall through to ambient
    // Object.prototype pollution (for example a forged `dkLen` changing SHAKE's default output).
    const merged = Object.assign(Object.create(null), defaults, opts);
    return merged;
}
/**
 * Creates a callable hash function from a stateful class constructor.
 * @param hashCons - hash constructor or factory
 * @param info - optional metadata such as DER OID
 * @returns Frozen callable hash wrapper with `.create()`.
 *   Wrapper construction eagerly calls `hashCons(undefined)` once to read
 *   `outputLen` / `blockLen`, so constructor side effects happen at module
 *   init time.
 * @throws On wrong argument types. {@link TypeError}
 * @example
 * Wrap a stateful hash constructor into a callable helper.
 * ```ts
 * import { createHasher } from '@noble/hashes/utils.js';
 * import { sha256 } from '@noble/hashes/sha2.js';
 * const wrapped = createHasher(sha256.create, { oid: sha256.oid });
 * wrapped(new Uint8Array([1]));
 * ```
 */
function utils_createHasher(hashCons, info = {}) {
    if (typeof hashCons !== 'function')
        throw new TypeError('"hashCons" expected function, got type=' + typeof hashCons);
    info = checkOpts({}, info, 'info');
    const hashC = (msg, opts) => hashCons(opts)
        .update(msg)
        .digest();
    const tmp = hashCons(undefined);
    hashC.outputLen = tmp.outputLen;
    hashC.blockLen = tmp.blockLen;
    hashC.canXOF = tmp.canXOF;
    hashC.create = (opts) => hashCons(opts);
    Object.assign(hashC, info);
    return Object.freeze(hashC);
}
/**
 * Cryptographically secure PRNG backed by `crypto.getRandomValues`.
 * @param bytesLength - number of random bytes to generate
 * @returns Random bytes.
 * The platform `getRandomValues()` implementation still defines any
 * single-call length cap, and this helper rejects oversize requests
 * with a stable library `RangeError` instead of host-specific errors.
 * @throws On wrong argument types. {@link TypeError}
 * @throws On wrong argument ranges or values. {@link RangeError}
 * @throws If the current runtime does not provide `crypto.getRandomValues`. {@link Error}
 * @example
 * Generate a fresh random key or nonce.
 * ```ts
 * const key = randomBytes(16);
 * ```
 */
function randomBytes(bytesLength = 32) {
    // Match the repo's other length-taking helpers instead of relying on Uint8Array coercion.
    anumber(bytesLength, 'bytesLength');
    const cr = typeof globalThis === 'object' ? globalThis.crypto : null;
    if (typeof cr?.getRandomValues !== 'function')
        throw new Error('crypto.getRandomValues must be defined');
    // Web Cryptography API Level 2 §10.1.1:
    // if `byteLength > 65536`, throw `QuotaExceededError`.
    // Keep the guard explicit so callers can see the quota in code
    // instead of discovering it by reading the spec or host errors.
    // This wrapper surfaces the same quota as a stable library RangeError.
    if (bytesLength > 65536)
        throw new RangeError(`"bytesLength" expected <= 65536, got ${bytesLength}`);
    return cr.getRandomValues(new Uint8Array(bytesLength));
}
/**
 * Creates OID metadata for NIST hashes with prefix `06 09 60 86 48 01 65 03 04 02`.
 * @param suffix - final OID byte for the selected hash.
 *   The helper accepts any byte even though only the documented NIST hash
 *   suffixes are meaningful downstream.
 * @returns Object containing the DER-encoded OID.
 * @example
 * Build OID metadata for a NIST hash.
 * ```ts
 * oidNist(0x01);
 * ```
 */
const utils_oidNist = (suffix) => ({
    // Current NIST hashAlgs suffixes used here fit in one DER subidentifier octet.
    // Larger suffix values would need base-128 OID encoding and a different length byte.
    oid: Uint8Array.from([0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, suffix]),
});

;// CONCATENATED MODULE: ./node_modules/@noble/hashes/_md.js
/**
 * Internal Merkle-Damgard hash utils.
 * @module
 */


/**
 * Shared 32-bit conditional boolean primitive reused by SHA-256, SHA-1, and MD5 `F`.
 * Returns bits from `b` when `a` is set, otherwise from `c`.
 * The XOR form is equivalent to MD5's `F(X,Y,Z) = XY v not(X)Z` because the masked terms never
 * set the same bit.
 * @param a - selector word
 * @param b - word chosen when selector bit is set
 * @param c - word chosen when selector bit is clear
 * @returns Mixed 32-bit word.
 * @example
 * Combine three words with the shared 32-bit choice primitive.
 * ```ts
 * Chi(0xffffffff, 0x12345678, 0x87654321);
 * ```
 */
function Chi(a, b, c) {
    return (a & b) ^ (~a & c);
}
/**
 * Shared 32-bit majority primitive reused by SHA-256 and SHA-1.
 * Returns bits shared by at least two inputs.
 * @param a - first input word
 * @param b - second input word
 * @param c - third input word
 * @returns Mixed 32-bit word.
 * @example
 * Combine three words with the shared 32-bit majority primitive.
 * ```ts
 * Maj(0xffffffff, 0x12345678, 0x87654321);
 * ```
 */
function Maj(a, b, c) {
    return (a & b) ^ (a & c) ^ (b & c);
}
/**
 * Merkle-Damgard hash construction base class.
 * Could be used to create MD5, RIPEMD, SHA1, SHA2.
 * Accepts only byte-aligned `Uint8Array` input, even when the underlying spec describes bit
 * strings with partial-byte tails.
 * @param blockLen - internal block size in bytes
 * @param outputLen - digest size in bytes
 * @param padOffset - trailing length field size in bytes
 * @param isLE - whether length and state words are encoded in little-endian
 * @example
 * Use a concrete subclass to get the shared Merkle-Damgard update/digest flow.
 * ```ts
 * import { _SHA1 } from '@noble/hashes/legacy.js';
 * const hash = new _SHA1();
 * hash.update(new Uint8Array([97, 98, 99]));
 * hash.digest();
 * ```
 */
class HashMD {
    blockLen;
    outputLen;
    canXOF = false;
    padOffset;
    isLE;
    // For partial updates less than block size
    buffer;
    view;
    finished = false;
    length = 0;
    pos = 0;
    destroyed = false;
    constructor(blockLen, outputLen, padOffset, isLE) {
        this.blockLen = blockLen;
        this.outputLen = outputLen;
        this.padOffset = padOffset;
        this.isLE = isLE;
        this.buffer = new Uint8Array(blockLen);
        this.view = createView(this.buffer);
    }
    update(data) {
        aexists(this);
        abytes(data);
        const { view, buffer, blockLen } = this;
        const len = data.length;
        let processed = false;
        for (let pos = 0; pos < len;) {
            const take = Math.min(blockLen - this.pos, len - pos);
            // Fast path only when there is no buffered partial block: `take === blockLen` implies
            // `this.pos === 0`, so we can process full blocks directly from the input view.
            if (take === blockLen) {
                const dataView = createView(data);
                for (; blockLen <= len - pos; pos += blockLen)
                    this.process(dataView, pos);
                processed = true;
                continue;
            }
            // When the whole input is buffered in one go (common for short messages), passing `data`
            // directly avoids allocating a subarray view.
            buffer.set(pos === 0 && take === len ? data : data.subarray(pos, pos + take), this.pos);
            this.pos += take;
            pos += take;
            if (this.pos === blockLen) {
                this.process(view, 0);
                this.pos = 0;
                processed = true;
            }
        }
        this.length += data.length;
        // Shared schedule buffers only pick up input-derived words inside process(); if everything
        // was buffered without processing, there is nothing to zero.
        if (processed)
            this.roundClean();
        return this;
    }
    digestInto(out) {
        aexists(this);
        aoutput(out, this);
        this.finished = true;
        // Padding
        // We can avoid allocation of buffer for padding completely if it
        // was previously not allocated here. But it won't change performance.
        const { buffer, view, blockLen, isLE } = this;
        let { pos } = this;
        // append the bit '1' to the message, then zero-pad the rest of the block
        buffer[pos++] = 0b10000000;
        buffer.fill(0, pos);
        // we have less than padOffset left in buffer, so we cannot put length in
        // current block, need process it and pad again
        if (this.padOffset > blockLen - pos) {
            this.process(view, 0);
            buffer.fill(0);
        }
        // `padOffset` reserves the whole length field. For SHA-384/512 the high 64 bits stay zero from
        // the padding fill above, and JS will overflow before user input can make that half non-zero.
        // So we only need to write the low 64 bits here (`length * 8` only scales the exponent of an
        // integer below 2**53, so the split inside the helper stays exact).
        setU64FromNum(view, blockLen - 8, this.length * 8, isLE);
        this.process(view, 0);
        // The final block above is processed outside update(), so the shared message-schedule
        // buffers (e.g. SHA256_W) would otherwise retain input-derived words after digest().
        this.roundClean();
        // digest() passes our own `buffer` as `out`; reuse its cached view instead of allocating one.
        const oview = out === buffer ? view : createView(out);
        const len = this.outputLen;
        // NOTE: we do division by 4 later, which must be fused in single op with modulo by JIT
        const outLen = len / 4;
        const state = this.get();
        // Subclass-misconfiguration invariant: outputLen must be 32-bit aligned and fit the state.
        if (len % 4 || outLen > state.length)
            throw new Error('invalid outputLen');
        for (let i = 0; i < outLen; i++)
            oview.setUint32(4 * i, state[i], isLE);
    }
    digest() {
        const { buffer, outputLen } = this;
        this.digestInto(buffer);
        // Copy before destroy(): subclasses wipe `buffer` during cleanup, but `digest()` must return
        // fresh bytes to the caller.
        const res = buffer.slice(0, outputLen);
        this.destroy();
        return res;
    }
    _cloneIntoMeta(to) {
        const { buffer, length, finished, destroyed, pos } = this;
        to.destroyed = destroyed;
        to.finished = finished;
        to.length = length;
        to.pos = pos;
        // Only partial-block bytes need copying: when `length % blockLen === 0`, `pos === 0` and
        // later `update()` / `digestInto()` overwrite `to.buffer` from the start before reading it.
        if (pos)
            to.buffer.set(buffer); // Avoid a hot modulo guard.
        return to;
    }
    clone() {
        return this._cloneInto();
    }
}
/**
 * Initial SHA-2 state: fractional parts of square roots of first 16 primes 2..53.
 * Check out `test/misc/sha2-gen-iv.js` for recomputation guide.
 */
/** Initial SHA256 state from RFC 6234 §6.1: the first 32 bits of the fractional parts of the
 * square roots of the first eight prime numbers. Exported as a shared table; callers must treat
 * it as read-only because constructors copy words from it by index. */
const SHA256_IV = /* @__PURE__ */ Uint32Array.from([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
/** Initial SHA224 state `H(0)` from RFC 6234 §6.1. Exported as a shared table; callers must
 * treat it as read-only because constructors copy words from it by index. */
const SHA224_IV = /* @__PURE__ */ Uint32Array.from([
    0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4,
]);
/** Initial SHA384 state from RFC 6234 §6.3: eight RFC 64-bit `H(0)` words stored as sixteen
 * big-endian 32-bit halves. Derived from the fractional parts of the square roots of the ninth
 * through sixteenth prime numbers. Exported as a shared table; callers must treat it as read-only
 * because constructors copy halves from it by index. */
const SHA384_IV = /* @__PURE__ */ Uint32Array.from([
    0xcbbb9d5d, 0xc1059ed8, 0x629a292a, 0x367cd507, 0x9159015a, 0x3070dd17, 0x152fecd8, 0xf70e5939,
    0x67332667, 0xffc00b31, 0x8eb44a87, 0x68581511, 0xdb0c2e0d, 0x64f98fa7, 0x47b5481d, 0xbefa4fa4,
]);
/** Initial SHA512 state from RFC 6234 §6.3: eight RFC 64-bit `H(0)` words stored as sixteen
 * big-endian 32-bit halves. Derived from the fractional parts of the square roots of the first
 * eight prime numbers. Exported as a shared table; callers must treat it as read-only because
 * constructors copy halves from it by index. */
const SHA512_IV = /* @__PURE__ */ Uint32Array.from([
    0x6a09e667, 0xf3bcc908, 0xbb67ae85, 0x84caa73b, 0x3c6ef372, 0xfe94f82b, 0xa54ff53a, 0x5f1d36f1,
    0x510e527f, 0xade682d1, 0x9b05688c, 0x2b3e6c1f, 0x1f83d9ab, 0xfb41bd6b, 0x5be0cd19, 0x137e2179,
]);

;// CONCATENATED MODULE: ./node_modules/@noble/hashes/sha2.js
/**
 * SHA2 hash function. A.k.a. sha256, sha384, sha512, sha512_224, sha512_256.
 * SHA256 is the fastest hash implementable in JS, even faster than Blake3.
 * Check out {@link https://www.rfc-editor.org/rfc/rfc4634 | RFC 4634} and
 * {@link https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.180-4.pdf | FIPS 180-4}.
 * @module
 */



/**
 * SHA-224 / SHA-256 round constants from RFC 6234 §5.1: the first 32 bits
 * of the cube roots of the first 64 primes (2..311).
 */
// prettier-ignore
const SHA256_K = /* @__PURE__ */ Uint32Array.from([
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
]);
/** Reusable SHA-224 / SHA-256 message schedule buffer `W_t` from RFC 6234 §6.2 step 1. */
const SHA256_W = /* @__PURE__ */ new Uint32Array(64);
/** Internal SHA-224 / SHA-256 compression engine from RFC 6234 §6.2. */
class SHA2_32B extends HashMD {
    // We cannot use array here since array allows indexing by variable
    // which means optimizer/compiler cannot use registers.
    // Numeric initializers matter: starting the fields as `undefined` changes
    // V8's field representation and makes sha256 3x slower (measured).
    A = 0;
    B = 0;
    C = 0;
    D = 0;
    E = 0;
    F = 0;
    G = 0;
    H = 0;
    constructor(outputLen, IV) {
        super(64, outputLen, 8, false);
        this.A = IV[0] | 0;
        this.B = IV[1] | 0;
        this.C = IV[2] | 0;
        this.D = IV[3] | 0;
        this.E = IV[4] | 0;
        this.F = IV[5] | 0;
        this.G = IV[6] | 0;
        this.H = IV[7] | 0;
    }
    get() {
        const { A, B, C, D, E, F, G, H } = this;
        return [A, B, C, D, E, F, G, H];
    }
    // prettier-ignore
    set(A, B, C, D, E, F, G, H) {
        this.A = A | 0;
        this.B = B | 0;
        this.C = C | 0;
        this.D = D | 0;
        this.E = E | 0;
        this.F = F | 0;
        this.G = G | 0;
        this.H = H | 0;
    }
    _cloneInto(to) {
        (to ||= new this.constructor()).set(...this.get());
        return this._cloneIntoMeta(to);
    }
    process(view, offset) {
        // Extend the first 16 words into the remaining 48 words w[16..63] of the message schedule array
        for (let i = 0; i < 16; i++, offset += 4)
            SHA256_W[i] = view.getUint32(offset, false);
        for (let i = 16; i < 64; i++) {
            const W15 = SHA256_W[i - 15];
            const W2 = SHA256_W[i - 2];
            const s0 = rotr(W15, 7) ^ rotr(W15, 18) ^ (W15 >>> 3);
            const s1 = rotr(W2, 17) ^ rotr(W2, 19) ^ (W2 >>> 10);
            SHA256_W[i] = (s1 + SHA256_W[i - 7] + s0 + SHA256_W[i - 16]) | 0;
        }
        // Compression function main loop, 64 rounds
        let { A, B, C, D, E, F, G, H } = this;
        for (let i = 0; i < 64; i++) {
            const sigma1 = rotr(E, 6) ^ rotr(E, 11) ^ rotr(E, 25);
            const T1 = (H + sigma1 + Chi(E, F, G) + SHA256_K[i] + SHA256_W[i]) | 0;
            const sigma0 = rotr(A, 2) ^ rotr(A, 13) ^ rotr(A, 22);
            const T2 = (sigma0 + Maj(A, B, C)) | 0;
            H = G;
            G = F;
            F = E;
            E = (D + T1) | 0;
            D = C;
            C = B;
            B = A;
            A = (T1 + T2) | 0;
        }
        // Add the compressed chunk to the current hash value
        A = (A + this.A) | 0;
        B = (B + this.B) | 0;
        C = (C + this.C) | 0;
        D = (D + this.D) | 0;
        E = (E + this.E) | 0;
        F = (F + this.F) | 0;
        G = (G + this.G) | 0;
        H = (H + this.H) | 0;
        this.set(A, B, C, D, E, F, G, H);
    }
    roundClean() {
        clean(SHA256_W);
    }
    destroy() {
        // HashMD callers route post-destroy usability through `destroyed`; zeroizing alone still leaves
        // update()/digest() callable on reused instances.
        this.destroyed = true;
        this.set(0, 0, 0, 0, 0, 0, 0, 0);
        clean(this.buffer);
    }
}
/** Internal SHA-256 hash class grounded in RFC 6234 §6.2. */
class _SHA256 extends SHA2_32B {
    constructor() {
        super(32, SHA256_IV);
    }
}
/** Internal SHA-224 hash class grounded in RFC 6234 §6.2 and §8.5. */
class _SHA224 extends SHA2_32B {
    constructor() {
        super(28, SHA224_IV);
    }
}
// SHA2-512 is slower than sha256 in js because u64 operations are slow.
// SHA-384 / SHA-512 round constants from RFC 6234 §5.2:
// 80 full 64-bit words split into high/low halves.
// prettier-ignore
const K512 = /* @__PURE__ */ (() => _u64_split([
    '0x428a2f98d728ae22', '0x7137449123ef65cd', '0xb5c0fbcfec4d3b2f', '0xe9b5dba58189dbbc',
    '0x3956c25bf348b538', '0x59f111f1b605d019', '0x923f82a4af194f9b', '0xab1c5ed5da6d8118',
    '0xd807aa98a3030242', '0x12835b0145706fbe', '0x243185be4ee4b28c', '0x550c7dc3d5ffb4e2',
    '0x72be5d74f27b896f', '0x80deb1fe3b1696b1', '0x9bdc06a725c71235', '0xc19bf174cf692694',
    '0xe49b69c19ef14ad2', '0xefbe4786384f25e3', '0x0fc19dc68b8cd5b5', '0x240ca1cc77ac9c65',
    '0x2de92c6f592b0275', '0x4a7484aa6ea6e483', '0x5cb0a9dcbd41fbd4', '0x76f988da831153b5',
    '0x983e5152ee66dfab', '0xa831c66d2db43210', '0xb00327c898fb213f', '0xbf597fc7beef0ee4',
    '0xc6e00bf33da88fc2', '0xd5a79147930aa725', '0x06ca6351e003826f', '0x142929670a0e6e70',
    '0x27b70a8546d22ffc', '0x2e1b21385c26c926', '0x4d2c6dfc5ac42aed', '0x53380d139d95b3df',
    '0x650a73548baf63de', '0x766a0abb3c77b2a8', '0x81c2c92e47edaee6', '0x92722c851482353b',
    '0xa2bfe8a14cf10364', '0xa81a664bbc423001', '0xc24b8b70d0f89791', '0xc76c51a30654be30',
    '0xd192e819d6ef5218', '0xd69906245565a910', '0xf40e35855771202a', '0x106aa07032bbd1b8',
    '0x19a4c116b8d2d0c8', '0x1e376c085141ab53', '0x2748774cdf8eeb99', '0x34b0bcb5e19b48a8',
    '0x391c0cb3c5c95a63', '0x4ed8aa4ae3418acb', '0x5b9cca4f7763e373', '0x682e6ff3d6b2b8a3',
    '0x748f82ee5defb2fc', '0x78a5636f43172f60', '0x84c87814a1f0ab72', '0x8cc702081a6439ec',
    '0x90befffa23631e28', '0xa4506cebde82bde9', '0xbef9a3f7b2c67915', '0xc67178f2e372532b',
    '0xca273eceea26619c', '0xd186b8c721c0c207', '0xeada7dd6cde0eb1e', '0xf57d4f7fee6ed178',
    '0x06f067aa72176fba', '0x0a637dc5a2c898a6', '0x113f9804bef90dae', '0x1b710b35131c471b',
    '0x28db77f523047d84', '0x32caab7b40c72493', '0x3c9ebe0a15c9bebc', '0x431d67c49c100d4c',
    '0x4cc5d4becb3e42b6', '0x597f299cfc657e2a', '0x5fcb6fab3ad6faec', '0x6c44198c4a475817'
].map(n => BigInt(n))))();
const SHA512_Kh = /* @__PURE__ */ (() => K512[0])();
const SHA512_Kl = /* @__PURE__ */ (() => K512[1])();
// Reusable high-half schedule buffer for the RFC 6234 §6.4 64-bit `W_t` words.
const SHA512_W_H = /* @__PURE__ */ new Uint32Array(80);
// Reusable low-half schedule buffer for the RFC 6234 §6.4 64-bit `W_t` words.
const SHA512_W_L = /* @__PURE__ */ new Uint32Array(80);
/** Internal SHA-384 / SHA-512 compression engine from RFC 6234 §6.4. */
class SHA2_64B extends HashMD {
    // We cannot use array here since array allows indexing by variable
    // which means optimizer/compiler cannot use registers.
    // h -- high 32 bits, l -- low 32 bits
    // Numeric initializers matter: starting the fields as `undefined` changes
    // V8's field representation and slows hashing down (measured on sha256).
    Ah = 0;
    Al = 0;
    Bh = 0;
    Bl = 0;
    Ch = 0;
    Cl = 0;
    Dh = 0;
    Dl = 0;
    Eh = 0;
    El = 0;
    Fh = 0;
    Fl = 0;
    Gh = 0;
    Gl = 0;
    Hh = 0;
    Hl = 0;
    constructor(outputLen, IV) {
        super(128, outputLen, 16, false);
        this.Ah = IV[0] | 0;
        this.Al = IV[1] | 0;
        this.Bh = IV[2] | 0;
        this.Bl = IV[3] | 0;
        this.Ch = IV[4] | 0;
        this.Cl = IV[5] | 0;
        this.Dh = IV[6] | 0;
        this.Dl = IV[7] | 0;
        this.Eh = IV[8] | 0;
        this.El = IV[9] | 0;
        this.Fh = IV[10] | 0;
        this.Fl = IV[11] | 0;
        this.Gh = IV[12] | 0;
        this.Gl = IV[13] | 0;
        this.Hh = IV[14] | 0;
        this.Hl = IV[15] | 0;
    }
    // prettier-ignore
    get() {
        const { Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl } = this;
        return [Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl];
    }
    // prettier-ignore
    set(Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl) {
        this.Ah = Ah | 0;
        this.Al = Al | 0;
        this.Bh = Bh | 0;
        this.Bl = Bl | 0;
        this.Ch = Ch | 0;
        this.Cl = Cl | 0;
        this.Dh = Dh | 0;
        this.Dl = Dl | 0;
        this.Eh = Eh | 0;
        this.El = El | 0;
        this.Fh = Fh | 0;
        this.Fl = Fl | 0;
        this.Gh = Gh | 0;
        this.Gl = Gl | 0;
        this.Hh = Hh | 0;
        this.Hl = Hl | 0;
    }
    _cloneInto(to) {
        (to ||= new this.constructor()).set(...this.get());
        return this._cloneIntoMeta(to);
    }
    process(view, offset) {
        // Extend the first 16 words into the remaining 64 words w[16..79] of the message schedule array
        for (let i = 0; i < 16; i++, offset += 4) {
            SHA512_W_H[i] = view.getUint32(offset);
            SHA512_W_L[i] = view.getUint32((offset += 4));
        }
        for (let i = 16; i < 80; i++) {
            // s0 := (w[i-15] rightrotate 1) xor (w[i-15] rightrotate 8) xor (w[i-15] rightshift 7)
            const W15h = SHA512_W_H[i - 15] | 0;
            const W15l = SHA512_W_L[i - 15] | 0;
            const s0h = rotrSH(W15h, W15l, 1) ^ rotrSH(W15h, W15l, 8) ^ shrSH(W15h, W15l, 7);
            const s0l = rotrSL(W15h, W15l, 1) ^ rotrSL(W15h, W15l, 8) ^ shrSL(W15h, W15l, 7);
            // s1 := (w[i-2] rightrotate 19) xor (w[i-2] rightrotate 61) xor (w[i-2] rightshift 6)
            const W2h = SHA512_W_H[i - 2] | 0;
            const W2l = SHA512_W_L[i - 2] | 0;
            const s1h = rotrSH(W2h, W2l, 19) ^ rotrBH(W2h, W2l, 61) ^ shrSH(W2h, W2l, 6);
            const s1l = rotrSL(W2h, W2l, 19) ^ rotrBL(W2h, W2l, 61) ^ shrSL(W2h, W2l, 6);
            // SHA512_W[i] = s0 + s1 + SHA512_W[i - 7] + SHA512_W[i - 16];
            const SUMl = add4L(s0l, s1l, SHA512_W_L[i - 7], SHA512_W_L[i - 16]);
            const SUMh = add4H(SUMl, s0h, s1h, SHA512_W_H[i - 7], SHA512_W_H[i - 16]);
            SHA512_W_H[i] = SUMh | 0;
            SHA512_W_L[i] = SUMl | 0;
        }
        let { Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl } = this;
        // Compression function main loop, 80 rounds
        for (let i = 0; i < 80; i++) {
            // S1 := (e rightrotate 14) xor (e rightrotate 18) xor (e rightrotate 41)
            const sigma1h = rotrSH(Eh, El, 14) ^ rotrSH(Eh, El, 18) ^ rotrBH(Eh, El, 41);
            const sigma1l = rotrSL(Eh, El, 14) ^ rotrSL(Eh, El, 18) ^ rotrBL(Eh, El, 41);
            //const T1 = (H + sigma1 + Chi(E, F, G) + SHA256_K[i] + SHA256_W[i]) | 0;
            const CHIh = (Eh & Fh) ^ (~Eh & Gh);
            const CHIl = (El & Fl) ^ (~El & Gl);
            // T1 = H + sigma1 + Chi(E, F, G) + SHA512_K[i] + SHA512_W[i]
            // prettier-ignore
            const T1ll = add5L(Hl, sigma1l, CHIl, SHA512_Kl[i], SHA512_W_L[i]);
            const T1h = add5H(T1ll, Hh, sigma1h, CHIh, SHA512_Kh[i], SHA512_W_H[i]);
            const T1l = T1ll | 0;
            // S0 := (a rightrotate 28) xor (a rightrotate 34) xor (a rightrotate 39)
            const sigma0h = rotrSH(Ah, Al, 28) ^ rotrBH(Ah, Al, 34) ^ rotrBH(Ah, Al, 39);
            const sigma0l = rotrSL(Ah, Al, 28) ^ rotrBL(Ah, Al, 34) ^ rotrBL(Ah, Al, 39);
            const MAJh = (Ah & Bh) ^ (Ah & Ch) ^ (Bh & Ch);
            const MAJl = (Al & Bl) ^ (Al & Cl) ^ (Bl & Cl);
            Hh = Gh | 0;
            Hl = Gl | 0;
            Gh = Fh | 0;
            Gl = Fl | 0;
            Fh = Eh | 0;
            Fl = El | 0;
            ({ h: Eh, l: El } = _u64_add(Dh | 0, Dl | 0, T1h | 0, T1l | 0));
            Dh = Ch | 0;
            Dl = Cl | 0;
            Ch = Bh | 0;
            Cl = Bl | 0;
            Bh = Ah | 0;
            Bl = Al | 0;
            const All = add3L(T1l, sigma0l, MAJl);
            Ah = add3H(All, T1h, sigma0h, MAJh);
            Al = All | 0;
        }
        // Add the compressed chunk to the current hash value
        ({ h: Ah, l: Al } = _u64_add(this.Ah | 0, this.Al | 0, Ah | 0, Al | 0));
        ({ h: Bh, l: Bl } = _u64_add(this.Bh | 0, this.Bl | 0, Bh | 0, Bl | 0));
        ({ h: Ch, l: Cl } = _u64_add(this.Ch | 0, this.Cl | 0, Ch | 0, Cl | 0));
        ({ h: Dh, l: Dl } = _u64_add(this.Dh | 0, this.Dl | 0, Dh | 0, Dl | 0));
        ({ h: Eh, l: El } = _u64_add(this.Eh | 0, this.El | 0, Eh | 0, El | 0));
        ({ h: Fh, l: Fl } = _u64_add(this.Fh | 0, this.Fl | 0, Fh | 0, Fl | 0));
        ({ h: Gh, l: Gl } = _u64_add(this.Gh | 0, this.Gl | 0, Gh | 0, Gl | 0));
        ({ h: Hh, l: Hl } = _u64_add(this.Hh | 0, this.Hl | 0, Hh | 0, Hl | 0));
        this.set(Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl);
    }
    roundClean() {
        clean(SHA512_W_H, SHA512_W_L);
    }
    destroy() {
        // HashMD callers route post-destroy usability through `destroyed`; zeroizing alone still leaves
        // update()/digest() callable on reused instances.
        this.destroyed = true;
        clean(this.buffer);
        this.set(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
/** Internal SHA-512 hash class grounded in RFC 6234 §6.3 and §6.4. */
class _SHA512 extends SHA2_64B {
    constructor() {
        super(64, SHA512_IV);
    }
}
/** Internal SHA-384 hash class grounded in RFC 6234 §6.3 and §6.4. */
class _SHA384 extends SHA2_64B {
    constructor() {
        super(48, SHA384_IV);
    }
}
/**
 * Truncated SHA512/256 and SHA512/224.
 * SHA512_IV is XORed with 0xa5a5a5a5a5a5a5a5, then used as "intermediary" IV of SHA512/t.
 * Then t hashes string to produce result IV.
 * See the repo-side derivation recipe in `test/misc/sha2-gen-iv.js`.
 * These IV literals are checked against that script rather than a dedicated
 * local RFC section.
 */
/** SHA-512/224 IV derived by the SHA-512/t recipe in `test/misc/sha2-gen-iv.js` and
 * stored as sixteen big-endian 32-bit halves. */
const T224_IV = /* @__PURE__ */ Uint32Array.from([
    0x8c3d37c8, 0x19544da2, 0x73e19966, 0x89dcd4d6, 0x1dfab7ae, 0x32ff9c82, 0x679dd514, 0x582f9fcf,
    0x0f6d2b69, 0x7bd44da8, 0x77e36f73, 0x04c48942, 0x3f9d85a8, 0x6a1d36c8, 0x1112e6ad, 0x91d692a1,
]);
/** SHA-512/256 IV derived by the SHA-512/t recipe in `test/misc/sha2-gen-iv.js` and
 * stored as sixteen big-endian 32-bit halves. */
const T256_IV = /* @__PURE__ */ Uint32Array.from([
    0x22312194, 0xfc2bf72c, 0x9f555fa3, 0xc84c64c2, 0x2393b86b, 0x6f53b151, 0x96387719, 0x5940eabd,
    0x96283ee2, 0xa88effe3, 0xbe5e1e25, 0x53863992, 0x2b0199fc, 0x2c85b8aa, 0x0eb72ddc, 0x81c52ca2,
]);
/** Internal SHA-512/224 hash class using the derived `T224_IV` and the shared
 * RFC 6234 §6.4 compression engine. */
class _SHA512_224 extends SHA2_64B {
    constructor() {
        super(28, T224_IV);
    }
}
/** Internal SHA-512/256 hash class using the derived `T256_IV` and the shared
 * RFC 6234 §6.4 compression engine. */
class _SHA512_256 extends SHA2_64B {
    constructor() {
        super(32, T256_IV);
    }
}
/**
 * SHA2-256 hash function from RFC 4634. In JS it's the fastest: even faster than Blake3. Some info:
 *
 * - Trying 2^128 hashes would get 50% chance of collision, using birthday attack.
 * - BTC network is doing 2^70 hashes/sec (2^95 hashes/year) as per 2025.
 * - Each sha256 hash is executing 2^18 bit operations.
 * - Good 2024 ASICs can do 200Th/sec with 3500 watts of power, corresponding to 2^36 hashes/joule.
 * @param msg - message bytes to hash
 * @param opts - Reserved hash options.
 * @returns Digest bytes.
 * @example
 * Hash a message with SHA2-256.
 * ```ts
 * sha256(new Uint8Array([97, 98, 99]));
 * ```
 */
const sha256 = /* @__PURE__ */ (/* unused pure expression or super */ null && (createHasher(() => new _SHA256(), 
/* @__PURE__ */ oidNist(0x01))));
/**
 * SHA2-224 hash function from RFC 4634.
 * @param msg - message bytes to hash
 * @param opts - Reserved hash options.
 * @returns Digest bytes.
 * @example
 * Hash a message with SHA2-224.
 * ```ts
 * sha224(new Uint8Array([97, 98, 99]));
 * ```
 */
const sha224 = /* @__PURE__ */ (/* unused pure expression or super */ null && (createHasher(() => new _SHA224(), 
/* @__PURE__ */ oidNist(0x04))));
/**
 * SHA2-512 hash function from RFC 4634.
 * @param msg - message bytes to hash
 * @param opts - Reserved hash options.
 * @returns Digest bytes.
 * @example
 * Hash a message with SHA2-512.
 * ```ts
 * sha512(new Uint8Array([97, 98, 99]));
 * ```
 */
const sha512 = /* @__PURE__ */ utils_createHasher(() => new _SHA512(), 
/* @__PURE__ */ utils_oidNist(0x03));
/**
 * SHA2-384 hash function from RFC 4634.
 * @param msg - message bytes to hash
 * @param opts - Reserved hash options.
 * @returns Digest bytes.
 * @example
 * Hash a message with SHA2-384.
 * ```ts
 * sha384(new Uint8Array([97, 98, 99]));
 * ```
 */
const sha384 = /* @__PURE__ */ (/* unused pure expression or super */ null && (createHasher(() => new _SHA384(), 
/* @__PURE__ */ oidNist(0x02))));
/**
 * SHA2-512/256 "truncated" hash function, with improved resistance to length extension attacks.
 * See the paper on {@link https://eprint.iacr.org/2010/548.pdf | truncated SHA512}.
 * @param msg - message bytes to hash
 * @param opts - Reserved hash options.
 * @returns Digest bytes.
 * @example
 * Hash a message with SHA2-512/256.
 * ```ts
 * sha512_256(new Uint8Array([97, 98, 99]));
 * ```
 */
const sha512_256 = /* @__PURE__ */ (/* unused pure expression or super */ null && (createHasher(() => new _SHA512_256(), 
/* @__PURE__ */ oidNist(0x06))));
/**
 * SHA2-512/224 "truncated" hash function, with improved resistance to length extension attacks.
 * See the paper on {@link https://eprint.iacr.org/2010/548.pdf | truncated SHA512}.
 * @param msg - message bytes to hash
 * @param opts - Reserved hash options.
 * @returns Digest bytes.
 * @example
 * Hash a message with SHA2-512/224.
 * ```ts
 * sha512_224(new Uint8Array([97, 98, 99]));
 * ```
 */
const sha512_224 = /* @__PURE__ */ (/* unused pure expression or super */ null && (createHasher(() => new _SHA512_224(), 
/* @__PURE__ */ oidNist(0x05))));

;// CONCATENATED MODULE: ./build/expression/sha512.js
// SHA-512 of text, synchronous and without a `node:` module. Needed only for text as a seed of Python's generator.


/** The UTF-8 bytes of a text followed by their SHA-512, as hex digits. Lone surrogates count as U+FFFD. */
function textAndSha512Hex(text) {
    const bytes = utf8ToBytes(text);
    return bytesToHex(bytes) + bytesToHex(sha512(bytes));
}

;// CONCATENATED MODULE: ./build/simulation/mersenne.js
// CPython's generator, the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), seeded as `random.Random(seed)` is.
// For those who check against Python; what is drawn from its bits is the business of `expression/`.

const SIZE = 624;
const MIDDLE = 397;
/** The generator inside `random.Random(seed)`. A seed that is a number is a whole one. `int32` gives 32 bits, signed. */
function createMersenneTwister(seed) {
    const state = stateOf(wordsOf(seed));
    let at = SIZE;
    return {
        int32() {
            if (at === SIZE) {
                regenerate(state);
                at = 0;
            }
            let y = state[at++];
            y ^= y >>> 11;
            y ^= (y << 7) & 0x9d2c5680;
            y ^= (y << 15) & 0xefc60000;
            return y ^ (y >>> 18);
        },
    };
}
/** The seed a text stands for: an int if that is how Python writes it, so that `String` gives the text back. */
function readPythonSeed(text) {
    return /^(?:0|-?[1-9]\d{0,999})$/.test(text) ? BigInt(text) : text;
}
// The absolute value as 32-bit words, the lowest first; at least one.
function wordsOf(seed) {
    const number = typeof seed === 'string' ? BigInt(`0x${textAndSha512Hex(seed)}`) : BigInt(seed);
    const digits = (number < 0n ? -number : number).toString(16);
    const words = new Uint32Array(Math.ceil(digits.length / 8));
    for (let i = 0; i < words.length; i++) {
        const end = digits.length - 8 * i;
        words[i] = Number.parseInt(digits.slice(Math.max(0, end - 8), end), 16);
    }
    return words;
}
// The authors' initialisation by an array of words.
function stateOf(words) {
    const state = new Int32Array(SIZE);
    const mixed = (i) => state[i - 1] ^ (state[i - 1] >>> 30);
    state[0] = 19650218;
    for (let i = 1; i < SIZE; i++)
        state[i] = Math.imul(1812433253, mixed(i)) + i;
    let i = 1;
    const next = () => {
        if (++i < SIZE)
            return;
        state[0] = state[SIZE - 1];
        i = 1;
    };
    for (let k = 0, j = 0; k < Math.max(SIZE, words.length); k++) {
        state[i] = (state[i] ^ Math.imul(mixed(i), 1664525)) + words[j] + j;
        next();
        if (++j === words.length)
            j = 0;
    }
    for (let k = 1; k < SIZE; k++) {
        state[i] = (state[i] ^ Math.imul(mixed(i), 1566083941)) - i;
        next();
    }
    state[0] = 0x80000000 | 0;
    return state;
}
// All words of the state at once; each needs the next one and the one `MIDDLE` further on.
function regenerate(state) {
    const renew = (i, following, further) => {
        const word = (state[i] & 0x80000000) | (state[following] & 0x7fffffff);
        state[i] = state[further] ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0);
    };
    let i = 0;
    for (; i < SIZE - MIDDLE; i++)
        renew(i, i + 1, i + MIDDLE);
    for (; i < SIZE - 1; i++)
        renew(i, i + 1, i + MIDDLE - SIZE);
    renew(SIZE - 1, 0, MIDDLE - 1);
}

;// CONCATENATED MODULE: ./build/simulation/stream.js
// Named streams of random numbers. A stream is its name and nothing else: no clock, no entropy, no sharing, and no raw
// text ever reaches the generators, whose own key handling confuses keys such as '1' and '11'.




/** Version of the way from a name to its draws. A new one means new draws for every run. */
const STREAM_VERSION = 1;
/**
 * The stream of that name, e.g. `[seed, unit id, step]`. The same parts always give the same draws; parts are
 * length-prefixed, so that `['ab', 'c']` and `['a', 'bc']` are different names. Keying waits for the first draw.
 */
function openStream(parts, generator = 'tychei') {
    return new LateStream(() => {
        const key = streamKey(parts);
        // `global: false` keeps seedrandom from ever replacing Math.random.
        return generator === 'tychei' ? tychei(key) : seedrandom(key, { global: false });
    });
}
/** The bits `random.Random(seed)` draws from. The seed is not asked for before the first draw. */
function openPythonStream(seed) {
    return new LateStream(() => createMersenneTwister(seed()));
}
/** SHA-256 over the version and the length-prefixed parts: the key of a stream, as 64 hex digits. */
function streamKey(parts) {
    let name = `octobatch-stream/${STREAM_VERSION}`;
    for (const part of parts)
        name += `/${part.length}:${part}`;
    return sha256Hex(name);
}
// Most steps of most pipelines draw nothing, and keying costs more than they do: hence the late opening.
class LateStream {
    generator = null;
    create;
    constructor(create) {
        this.create = create;
    }
    uint32() {
        return (this.generator ?? this.open()).int32() >>> 0;
    }
    // 27 and 26 bits of two words, as CPython makes its doubles: the generators' own ways differ.
    double() {
        const generator = this.generator ?? this.open();
        const high = generator.int32() >>> 5;
        const low = generator.int32() >>> 6;
        return (high * 2 ** 26 + low) / 2 ** 53;
    }
    open() {
        this.generator = this.create();
        return this.generator;
    }
}

;// CONCATENATED MODULE: ./build/simulation/unit-stream.js


/** The stream of a step of a unit, or one of its own for a purpose within that step. */
function openUnitStream(settings, unit, step, purpose = null) {
    const { seed, rng } = settings;
    if (rng === 'python')
        return openPythonStream(() => stepSeed(unit, step));
    const name = [seed, unit.id, step];
    return openStream(purpose === null ? name : [...name, purpose], rng);
}
/** Octobatch's number for a text: `int(sha256(text).hexdigest(), 16) & 0x7FFFFFFF`. */
function octobatchHash(text) {
    return Number.parseInt(sha256Hex(text).slice(-8), 16) & 0x7fffffff;
}
/** Id of a unit whose items repeat. */
function repeatedId(item, repetition) {
    return `${item}__rep${String(repetition).padStart(4, '0')}`;
}
/** Id of a unit's child, by its place from 0. */
function childId(parent, place) {
    return `${parent}__fan${String(place).padStart(3, '0')}`;
}
/** Which child, of which fan-out after the other, a child's id says that it is: the end of it. */
function branchOf(child) {
    return /(?:__fan\d+)*$/.exec(child)[0];
}
/**
 * The combination of items and the repetition, from 0, that a unit's id names, and the rest of the id of a child: which of
 * the children it is; null when items do not repeat.
 */
function repetitionOf({ id, repeats, }) {
    const [, item, repetition, branch = ''] = (repeats ? /^(.*)__rep(\d+)((?:__fan\d+)*)$/s.exec(id) : null) ?? [];
    return item === undefined ? null : { item, repetition: Number(repetition), branch };
}
// Octobatch's rule: a repeated unit has one seed, whatever the step; any other has one for each step. Of its children, which
// share that one seed there, each has its own here: siblings that draw the same are no sample.
function stepSeed(unit, step) {
    const repeated = repetitionOf(unit);
    return repeated === null || repeated.branch !== ''
        ? octobatchHash(unit.id + step)
        : octobatchHash(repeated.item) + repeated.repetition;
}

;// CONCATENATED MODULE: ./build/simulation/coupled-stream.js
// Streams that hang together across units, so that a difference or a mean needs fewer of them: shared, mirrored, or spread
// over their range. Each unit's draws keep the distribution they would have alone, and no stream of another step changes.







/** How units of a step come to their streams. Throws ExpressionSyntaxError. */
function compileCoupling(step, settings) {
    const { name, coupling } = step;
    const { seed, rng } = settings;
    // The seeds of `rng: python` are Octobatch's, which knows no coupling; `validate` says so.
    if (coupling === undefined || rng === 'python') {
        return (unit) => openUnitStream(settings, unit, name);
    }
    const { streamBy, antithetic, stratify } = coupling;
    const sharedText = streamBy === null ? () => null : compileSharedText(streamBy);
    return (unit, fields) => {
        const shared = sharedText(fields);
        const { item, repetition, branch } = repetitionOf(unit) ?? { item: unit.id, repetition: 0, branch: '' };
        const idOf = (of) => (of === repetition ? unit.id : `${repeatedId(item, of)}${branch}`);
        // What units share by a key, their children share by the key and their places: siblings never draw the same.
        const places = fields.has('_fan_parent_id') ? [branchOf(unit.id)] : [];
        const open = (of) => shared === null
            ? openUnitStream(settings, { ...unit, id: idOf(of) }, name)
            : openStream([seed, 'stream_by', shared, String(of), ...places, name], rng);
        if (antithetic && repetition % 2 === 1)
            return new MirrorStream(open(repetition - 1));
        if (stratify === null)
            return open(repetition);
        // All begin at another stratum, so that also a part of a round is no fixed part of the range.
        const whose = shared === null ? ['item', `${item}${branch}`] : ['stream_by', shared, ...places];
        const start = openStream([seed, 'stratify', ...whose, name, String(stratify)], rng);
        const stratum = (repetition + drawBelow(start, stratify)) % stratify;
        return new SpreadStream(open(repetition), stratum, stratify);
    };
}
// Values that are the same JSON share a stream.
function compileSharedText(source) {
    const expression = expression_compileExpression(source);
    return (fields) => {
        try {
            const value = expression.evaluate(fields, createEvaluation({ random: null }));
            return writeField(value, { left: MAX_STEP_TEXT });
        }
        catch (error) {
            if (error instanceof ExpressionError)
                error.assignment = 'stream_by';
            throw error;
        }
    };
}
/** Every draw is the mirror image of the same draw of another stream. */
class MirrorStream {
    mirrors;
    constructor(mirrors) {
        this.mirrors = mirrors;
    }
    uint32() {
        return ~this.mirrors.uint32() >>> 0;
    }
    // 1 - u, less 2^-53, so that 0 becomes the largest number below 1 and the distribution is the same to the bit.
    double() {
        return 1 - 2 ** -53 - this.mirrors.double();
    }
    below(limit) {
        return limit - 1 - drawBelow(this.mirrors, limit);
    }
}
/** The first draw lies in one of `strata` equal parts of its range, anywhere in it; the others are as they are. */
class SpreadStream {
    rest;
    stratum;
    strata;
    isFirst = true;
    constructor(rest, stratum, strata) {
        this.rest = rest;
        this.stratum = stratum;
        this.strata = strata;
    }
    uint32() {
        return this.isFirst ? Math.floor(this.double() * 2 ** 32) : this.rest.uint32();
    }
    double() {
        const draw = this.rest.double();
        if (!this.isFirst)
            return draw;
        this.isFirst = false;
        const place = ((this.stratum + draw) / this.strata) * 2 ** 53;
        return Math.min(Math.floor(place), 2 ** 53 - 1) / 2 ** 53;
    }
    below(limit) {
        return this.isFirst ? Math.floor(this.double() * limit) : drawBelow(this.rest, limit);
    }
}

;// CONCATENATED MODULE: ./build/simulation/expression-step.js
// One local step, compiled once and run for many units. What goes wrong inside an expression is the unit's failure and
// comes back as data; only a bug of this program throws.




/** Compiles a step of a run. Throws ExpressionSyntaxError. */
function compileExpressionStep(step, settings) {
    const program = compileProgram(step);
    const openStream = compileCoupling(step, settings);
    return {
        run(unit, fields) {
            const drawing = { id: unit.id, repeats: fields.has('_repetition_seed') };
            try {
                // One stream over init, every iteration and loop_until: restarting it anywhere would repeat its draws.
                const evaluation = createEvaluation({ random: openStream(drawing, fields) });
                const { assigned, iterations, timedOut } = program.run(fields, evaluation);
                return { kind: 'done', fields: assigned, iterations, timedOut };
            }
            catch (error) {
                if (error instanceof ExpressionError)
                    return { kind: 'failed', issue: issueOf(error) };
                throw error;
            }
        },
    };
}
/** An evaluation error as an issue: pointer to the assignment, Python's class as the rule, one sentence. */
function issueOf(error) {
    const { assignment, line, column } = error;
    const place = line === null || column === null ? '' : ` (at ${line}:${column} of the expression)`;
    return {
        path: assignment === null ? '' : `/${assignment.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        rule: error.type,
        message: `${assignment === null ? '' : `${assignment}: `}${error.toString()}${place}`,
    };
}

;// CONCATENATED MODULE: ./build/simulation/local-chunk.js
// Consecutive expression steps over a chunk of units: the whole work of a local worker, as text in and text out. It
// knows no threads and no rules; how fields are checked is handed in.





/** Compiles consecutive steps into one function from a unit to its outcome. Throws ExpressionSyntaxError. */
function compileLocalSteps(work, checkerOf) {
    const stages = work.steps.map((step) => ({
        name: step.name,
        compiled: compileExpressionStep(step, work),
        check: checkerOf(step),
    }));
    return (unit) => {
        const fields = fieldsFromJson(unit.fields);
        const done = [];
        for (const [i, stage] of stages.entries()) {
            const isLast = i === stages.length - 1;
            const outcome = runStage(stage, unit, fields, isLast);
            if (outcome.kind === 'failed') {
                return { kind: 'failed', step: stage.name, done, failure: failureOf(stage.name, outcome) };
            }
            done.push(outcome.result);
        }
        return { kind: 'done', steps: done };
    };
}
// Whatever reads a step's fields reads them as they are kept: a tuple has become a list. So steps give the same results
// in one chunk as in separate ones; expressions never change a field they were given, but give a changed one anew.
function runStage(stage, unit, fields, isLast) {
    const { compiled, check } = stage;
    const isReadAgain = !isLast || check !== null;
    const run = compiled.run(unit, fields);
    if (run.kind === 'failed')
        return { kind: 'failed', cause: 'expression', issues: [run.issue] };
    const room = { left: MAX_STEP_TEXT };
    const kept = new Map();
    let text = '';
    for (const [name, value] of run.fields) {
        const written = tryWrite(name, value, room);
        if (typeof written !== 'string')
            return { kind: 'failed', cause: 'expression', issues: [written] };
        text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${written}`;
        if (isReadAgain)
            kept.set(name, isContainer(value) ? parseJson(written) : value);
    }
    let warnings = [];
    if (check !== null) {
        const checked = check(kept, fields, createEvaluation({ random: null }));
        if (checked.errors.length > 0)
            return { kind: 'failed', cause: 'invalid', issues: checked.errors };
        warnings = checked.warnings;
    }
    for (const [name, value] of kept)
        fields.set(name, value);
    const { iterations, timedOut } = run;
    return { kind: 'done', result: { fields: `{${text}}`, iterations, timedOut, warnings } };
}
function tryWrite(name, value, room) {
    try {
        return writeField(value, room);
    }
    catch (error) {
        if (!(error instanceof ExpressionError))
            throw error;
        error.assignment ??= name;
        return issueOf(error);
    }
}
function failureOf(step, outcome) {
    return { kind: outcome.cause, step, issues: outcome.issues, raw: null };
}
function isContainer(value) {
    return value !== null && typeof value === 'object';
}

;// CONCATENATED MODULE: ./build/pipeline/resolve.js
/** The provider when nobody names one: it needs no key and costs nothing. */
const DEFAULT_PROVIDER = 'simulated';
/** Models used when nobody names one. None that costs money: that would be a surprise. */
const DEFAULT_MODELS = { simulated: 'simulated', replay: 'recorded' };
/** Providers whose answers are invented or recorded, so that they cost nothing and need no key. */
const FREE_PROVIDERS = (/* unused pure expression or super */ null && (['simulated', 'replay']));
/** The ways to ask a model. */
const MODES = (/* unused pure expression or super */ null && (['batch', 'realtime']));
/** The provider, model and mode of a step: its own, else the pipeline's, else the default. */
function resolve_resolveModel(pipeline, step) {
    const provider = step.provider ?? pipeline.provider ?? DEFAULT_PROVIDER;
    const ownDefault = Object.hasOwn(DEFAULT_MODELS, provider) ? DEFAULT_MODELS[provider] : undefined;
    return {
        provider,
        model: step.model ?? pipeline.model ?? ownDefault ?? '',
        // A recording answers at once, and in batches only.
        mode: provider === 'replay' ? 'batch' : (step.mode ?? pipeline.mode ?? 'batch'),
    };
}
/** Every provider, model and mode the steps ask, each once, in the order of the steps. */
function resolve_modelsOf(pipeline) {
    const byName = new Map();
    for (const step of pipeline.steps) {
        if (step.kind !== 'llm')
            continue;
        const found = resolve_resolveModel(pipeline, step);
        byName.set(modelName(found), found);
    }
    return [...byName.values()];
}
/** The pipeline with all its model steps asked in one mode; undefined: as it says. */
function inMode(pipeline, mode) {
    if (mode === undefined)
        return pipeline;
    const steps = pipeline.steps.map((step) => (step.kind === 'llm' ? { ...step, mode } : step));
    return { ...pipeline, mode, steps };
}
/** `provider/model/mode`: the name under which a run keeps its price. */
function modelName({ provider, model, mode }) {
    return `${provider}/${model}/${mode}`;
}
/** What the pipeline says about a provider, or null. A provider's name is the user's, so it may be `constructor`. */
function resolve_settingsOf(pipeline, provider) {
    return Object.hasOwn(pipeline.providers, provider) ? (pipeline.providers[provider] ?? null) : null;
}
/** Whose protocols the adapters speak; each is also the name of the provider it comes from. */
const OWN_PROTOCOLS = (/* unused pure expression or super */ null && (['openai', 'anthropic', 'gemini']));
/** Whose protocol a provider speaks; null: nobody said, and its name does not tell. */
function protocolOf(provider, settings) {
    return settings?.protocol ?? OWN_PROTOCOLS.find((one) => one === provider) ?? null;
}
/** True when an address never leaves this machine. */
function isLoopback(url) {
    const { hostname } = new URL(url);
    return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

;// CONCATENATED MODULE: ./build/pipeline/rng.js
// What the choice of a generator means for a pipeline: which there are, and what `python` cannot keep of the promises
// the others keep. Nothing is drawn here.

/** All generators. */
const RNGS = (/* unused pure expression or super */ null && (['tychei', 'arc4', 'python']));
/** The generator when nobody names one. */
const rng_DEFAULT_RNG = 'tychei';
/** What a pipeline with `rng: python` asks for and does not get; empty for the other generators. */
function rngNotes(pipeline) {
    if (pipeline.rng !== 'python')
        return [];
    const notes = [];
    if (pipeline.seed !== '0') {
        const reason = "rng: python seeds each unit from its id, as Octobatch does; the run's seed has no effect";
        notes.push({ name: `seed ${pipeline.seed}`, reason });
    }
    const drawing = pipeline.steps.filter(draws).map((step) => step.name);
    if (pipeline.repeat > 1 && drawing.length > 1) {
        const reason = 'with repeat, rng: python gives all steps of a unit one seed, as Octobatch does; ' +
            `these draw the same numbers: ${drawing.join(', ')}`;
        notes.push({ name: 'independent draws in each step', reason });
    }
    for (const step of pipeline.steps) {
        if (step.kind !== 'expression' || step.coupling === undefined)
            continue;
        const reason = "rng: python draws from Octobatch's seeds; stream_by, antithetic and stratify have no effect";
        notes.push({ name: `coupled draws of ${step.name}`, reason });
    }
    return notes;
}
function draws(step) {
    if (step.kind === 'fan_out')
        return false;
    const assignments = step.kind === 'llm' ? step.prepare : [...step.init, ...step.expressions];
    const sources = assignments.map(({ expr }) => expr);
    if (step.kind === 'expression' && step.loopUntil !== null)
        sources.push(step.loopUntil);
    return sources.some((source) => compileExpression(source).names.has('random'));
}

;// CONCATENATED MODULE: ./build/pipeline/snapshot.js
// The pipeline and its items as text: canonical for the content key, exact for the snapshot. Hashes and stores nothing.





/**
 * Canonical JSON of everything in the pipeline that determines results; equal texts mean equal results. Left out is what
 * only packs, bounds, prices, shows or judges them (chunkSize, limits of providers, keys' names, headers, prices, maxCost,
 * report, gates, notRun, name, form): changing a gate must not pay for the same answers again. Engine version and items
 * are the caller's to add.
 */
function normalisedText(pipeline) {
    const { seed, rng, repeat, maxUnits, strategy, globals, templates, provider, model, stop, only } = pipeline;
    const steps = pipeline.steps.map(withoutDefaults);
    const content = { seed, repeat, maxUnits, strategy, globals, templates, steps, provider, model };
    const realtime = realtimeSteps(pipeline);
    const endpoints = endpointsOf(pipeline);
    // Left out as long as they are the default, so that runs from before there was a choice keep their keys.
    return canonical({
        ...content,
        ...(rng === DEFAULT_RNG ? {} : { rng }),
        ...(stop === undefined ? {} : { stop, ...weighedBeside(pipeline) }),
        ...(only === undefined ? {} : { only }),
        ...(realtime.length === 0 ? {} : { realtime }),
        ...(Object.keys(endpoints).length === 0 ? {} : { endpoints }),
    });
}
/**
 * What decides beside its own numbers when a gate on a change is decided, where the run waits for such a gate: the other ones,
 * among which they share the false alarms, and how many of those there may be.
 */
function weighedBeside({ stop, gates, falseAlarms }) {
    const waitedFor = stop?.rule.kind === 'gates' ? stop.rule.gates.filter(isChange) : [];
    if (waitedFor.length === 0)
        return {};
    // Their order and names move nothing.
    const nameless = gates.filter(isChange).map(({ onInconclusive: _, ...gate }) => ({ ...gate, name: '' }));
    const changes = nameless.map(canonical).sort();
    return {
        ...(falseAlarms === undefined ? {} : { falseAlarms }),
        ...(changes.length === waitedFor.length ? {} : { changes }),
    };
}
function isChange(gate) {
    return gate.kind === 'share_change' || gate.kind === 'mean_change';
}
/** The mode stands apart, and a ceiling nobody set does not count. */
function withoutDefaults(step) {
    if (step.kind !== 'llm')
        return step;
    const { mode: _, maxTokensCeiling, ...rest } = step;
    return maxTokensCeiling === null ? rest : { ...rest, maxTokensCeiling };
}
function realtimeSteps(pipeline) {
    return pipeline.steps
        .filter((step) => step.kind === 'llm' && resolveModel(pipeline, step).mode === 'realtime')
        .map((step) => step.name);
}
/** Of the providers that are asked: whose words they speak and where they are, as far as the pipeline says. */
function endpointsOf(pipeline) {
    const endpoints = {};
    for (const { provider } of modelsOf(pipeline)) {
        const settings = settingsOf(pipeline, provider);
        if (settings === null)
            continue;
        const { protocol, baseUrl, api } = settings;
        if (protocol !== null || baseUrl !== null || api !== null)
            endpoints[provider] = { protocol, baseUrl, api };
    }
    return endpoints;
}
// Arrays keep their order; the keys of records carry none, so they are sorted.
function canonical(value) {
    if (Array.isArray(value))
        return `[${value.map(canonical).join(',')}]`;
    if (typeof value !== 'object' || value === null)
        return JSON.stringify(value);
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
/** The pipeline as one JSON text. */
function pipelineToJson(pipeline) {
    return JSON.stringify(pipeline);
}
/** The pipeline of `pipelineToJson`; what one from an earlier version does not have gets its default. */
function pipelineFromJson(text) {
    const pipeline = parsePlainJson(text);
    const steps = pipeline.steps.map((step) => step.kind === 'llm'
        ? { ...step, mode: step.mode ?? null, maxTokensCeiling: step.maxTokensCeiling ?? null }
        : step);
    return {
        ...pipeline,
        steps,
        rng: pipeline.rng ?? DEFAULT_RNG,
        mode: pipeline.mode ?? null,
        providers: pipeline.providers ?? {},
    };
}
/** The items, one JSON line each, by group in the order of the groups. */
function* snapshot_itemsToLines(items) {
    for (const [group, list] of items) {
        for (const { id, fields } of list) {
            yield `{"group":${JSON.stringify(group)},"id":${JSON.stringify(id)},"fields":${stringifyJson(fields)}}`;
        }
    }
}
/** The items of `itemsToLines`. Throws when a line is something else. */
function itemsFromLines(lines) {
    const items = new Map();
    for (const line of lines) {
        const row = parseJson(line);
        const [group, id, fields] = row instanceof PyDict ? ['group', 'id', 'fields'].map((key) => dictGet(row, key)) : [];
        if (typeof group !== 'string' || typeof id !== 'string' || !(fields instanceof PyDict)) {
            throw new Error('a line of the snapshot is not an item');
        }
        const list = items.get(group);
        if (list === undefined)
            items.set(group, [{ id, fields }]);
        else
            list.push({ id, fields });
    }
    return items;
}

;// CONCATENATED MODULE: ./build/pipeline/diagnostic.js
// What is wrong with something the user wrote: where, what, and how to mend it. Wording only; never a stack trace.
/** Thrown when the configuration or the command line cannot be used; carries every mistake found, in file order. */
class ConfigurationError extends Error {
    diagnostics;
    constructor(diagnostics) {
        super(diagnostics.map(formatDiagnostic).join('\n'));
        this.name = 'ConfigurationError';
        this.diagnostics = diagnostics;
    }
}
/** One line for a person: `file:line:column  what  (how to mend it)`. */
function formatDiagnostic(diagnostic) {
    return lineOf(diagnostic, '');
}
/** The same for what is doubtful and stops nothing: `file:line:column  warning: what  (how to mend it)`. */
function formatWarning(diagnostic) {
    return lineOf(diagnostic, 'warning: ');
}
function lineOf({ file, line, column, what, fix }, kind) {
    const place = line === null ? file : column === null ? `${file}:${line}` : `${file}:${line}:${column}`;
    return printable(`${place}  ${kind}${what}  (${fix})`);
}
const MAX_LINE = 1000;
// Names and expressions of an untrusted folder are quoted here: no terminal code and no second line comes out.
function printable(text) {
    const line = text
        .replace(/[\r\n]+/g, ' ')
        .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
    return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}...` : line;
}

;// CONCATENATED MODULE: ./build/simulation/unit-choice.js
// The only units of a plan that are run, as ranges of their places in the canonical order. A choice renumbers them without
// gaps; who they are does not change, and so neither do their draws.
/** Reads a choice such as `0-99,105`. Throws a RangeError when it is none, or names a place from `limit` on. */
function readChoice(text, limit) {
    const starts = [];
    const firsts = [];
    let count = 0;
    let last = -1;
    for (const part of text.split(',')) {
        const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part);
        const from = Number(match?.[1]);
        const to = Number(match?.[2] ?? match?.[1]);
        if (match === null || from > to || from <= last || to >= limit)
            throw new RangeError(`"${part}" is no range of the ${limit} units`);
        starts.push(from);
        firsts.push(count);
        count += to - from + 1;
        last = to;
    }
    return {
        count,
        placeOf(index) {
            let low = 0;
            let high = firsts.length - 1;
            while (low < high) {
                const middle = (low + high + 1) >> 1;
                if (firsts[middle] <= index)
                    low = middle;
                else
                    high = middle - 1;
            }
            return starts[low] + index - firsts[low];
        },
    };
}
/** The text of a choice; `places` in ascending order, each once. */
function formatChoice(places) {
    const parts = [];
    for (let i = 0; i < places.length;) {
        let end = i;
        while (end + 1 < places.length && places[end + 1] === places[end] + 1)
            end++;
        parts.push(end === i ? `${places[i]}` : `${places[i]}-${places[end]}`);
        i = end + 1;
    }
    return parts.join(',');
}

;// CONCATENATED MODULE: ./build/simulation/units.js
// Items x strategy x repetitions -> units, by index. The table holds no units: each is computed when asked for, so
// that a million of them cost no more memory than their items.





/** Units one run may have at the most. */
const MAX_UNITS = 10_000_000;
/** Plans the units of a pipeline. Throws ConfigurationError when there are too many, or none can be made. */
function planUnits(plan, items) {
    const whole = planAll(plan, items);
    if (plan.only === undefined)
        return whole;
    const chosen = readChoice(plan.only, whole.count);
    return {
        count: chosen.count,
        combinations: whole.combinations,
        unit(index) {
            checkIndex(index, chosen.count);
            const one = whole.unit(chosen.placeOf(index));
            const { id, item, repetition } = one;
            return {
                ...{ index, id, item, repetition },
                get fields() {
                    return one.fields;
                },
            };
        },
        text(index) {
            checkIndex(index, chosen.count);
            return whole.text(chosen.placeOf(index));
        },
    };
}
function planAll(plan, items) {
    const combinations = combine(plan, items);
    const total = combinations.count * plan.repeat;
    const count = plan.maxUnits === null ? total : Math.min(total, plan.maxUnits);
    if (count > MAX_UNITS) {
        refuse(plan, `${countText(count)} units; at most ${countText(MAX_UNITS)} can be run`, 'use fewer items, positions or repetitions, or set max_units');
    }
    const known = new KnownItems();
    let last = null;
    const unit = (index) => {
        // Who asks for a unit asks for its text next.
        if (last?.index === index)
            return last;
        checkIndex(index, count);
        const repetition = Math.floor(index / combinations.count);
        const combination = combinations.at(index % combinations.count);
        const { id: item } = combination;
        const id = plan.repeat === 1 ? item : repeatedId(item, repetition);
        last = {
            index,
            id,
            item,
            repetition,
            // Made when they are asked for: most who ask for a unit want to know its name.
            get fields() {
                const fields = new Map([['unit_id', id], ...combination.fields()]);
                if (plan.repeat > 1) {
                    fields.set('_repetition_id', repetition);
                    // Octobatch's own seed of the unit; templates may print it.
                    fields.set('_repetition_seed', known.hashOf(item) + repetition);
                }
                return fields;
            },
        };
        return last;
    };
    return {
        count,
        combinations: combinations.count,
        unit,
        text(index) {
            const { id, item, repetition } = unit(index);
            const place = index % combinations.count;
            const inner = known.textOf(place, () => combinations.at(place).fields());
            if (inner === null)
                return fieldsToJson(unit(index).fields);
            const own = `{"unit_id":${JSON.stringify(id)}${inner === '' ? '' : `,${inner}`}`;
            if (plan.repeat === 1)
                return `${own}}`;
            const seed = known.hashOf(item) + repetition;
            return `${own},"_repetition_id":${repetition},"_repetition_seed":${seed}}`;
        },
    };
}
/** What is the same for all repetitions of a combination of items, remembered as long as it is little. */
class KnownItems {
    hashes = new Map();
    texts = new Map();
    room = MOST_KNOWN_TEXT;
    hashOf(item) {
        let hash = this.hashes.get(item);
        if (hash === undefined) {
            hash = octobatchHash(item);
            if (this.hashes.size < MOST_KNOWN_ITEMS)
                this.hashes.set(item, hash);
        }
        return hash;
    }
    /** The combination's fields as JSON without the braces; null: they have names that the unit's own fields replace. */
    textOf(place, fields) {
        const known = this.texts.get(place);
        if (known !== undefined)
            return known;
        const own = fields();
        const text = UNIT_FIELDS.some((name) => own.has(name)) ? null : fieldsToJson(own).slice(1, -1);
        if (text === null || (this.room -= text.length) > 0)
            this.texts.set(place, text);
        return text;
    }
}
const UNIT_FIELDS = ['unit_id', '_repetition_id', '_repetition_seed'];
const MOST_KNOWN_ITEMS = 20_000;
/** Characters of fields that are remembered. */
const MOST_KNOWN_TEXT = 2_000_000;
function checkIndex(index, count) {
    if (!Number.isInteger(index) || index < 0 || index >= count)
        throw new RangeError(`there is no unit ${index} among ${count}`);
}
function combine(plan, items) {
    const { strategy } = plan;
    switch (strategy.kind) {
        case 'direct':
            return direct(groupOf(plan, items, strategy.group));
        case 'cross_product':
            return crossProduct(strategy.positions, strategy.positions.map((position) => groupOf(plan, items, position.group)));
        case 'permutation':
            return permutations(plan, strategy.positions, items);
        default:
            return strategy;
    }
}
function direct(group) {
    return {
        count: group.length,
        at(index) {
            const item = group[index];
            const fields = () => new Map([...dictEntries(item.fields)].map(([name, value]) => [String(name), value]));
            return { id: item.id, fields };
        },
    };
}
function crossProduct(positions, groups) {
    return {
        count: groups.reduce((product, group) => product * group.length, 1),
        at(index) {
            // The index as a number of mixed radix, one digit per position, the last position the fastest.
            const chosen = [];
            let rest = index;
            for (const group of groups.toReversed()) {
                chosen.unshift(group[rest % group.length]);
                rest = Math.floor(rest / group.length);
            }
            return combination(positions, chosen);
        },
    };
}
// Ordered choices without replacement, in the order of Python's itertools.permutations.
function permutations(plan, positions, items) {
    const group = groupOf(plan, items, positions[0]?.group ?? '');
    if (positions.some((position) => position.group !== positions[0]?.group)) {
        refuse(plan, 'the positions of a permutation take their items from different groups', 'let all take them from one group, or use cross_product');
    }
    if (positions.length > group.length) {
        refuse(plan, `a permutation of ${positions.length} positions needs at least as many items, and there are ${group.length}`, 'add items or remove positions');
    }
    // blocks[p]: arrangements of the positions after p. Inexact beyond 2^53, where every index is smaller anyway.
    const blocks = new Array(positions.length);
    let count = 1;
    for (let p = positions.length - 1; p >= 0; p--) {
        blocks[p] = count;
        count *= group.length - p;
    }
    return {
        count,
        at(index) {
            const left = [...group];
            let rest = index;
            const chosen = blocks.map((block) => {
                const [item] = left.splice(Math.floor(rest / block), 1);
                rest %= block;
                return item;
            });
            return combination(positions, chosen);
        },
    };
}
function combination(positions, chosen) {
    const fields = () => new Map(positions.map((position, p) => [position.name, chosen[p].fields]));
    return { id: chosen.map((item) => item.id).join('-'), fields };
}
function groupOf(plan, items, name) {
    return (items.get(name) ?? refuse(plan, `there is no group of items named "${name}"`, 'name one that exists'));
}
function countText(count) {
    return Number.isSafeInteger(count) ? count.toLocaleString('en-US') : 'more than 9,000,000,000,000,000';
}
function refuse(plan, what, fix) {
    const file = plan.form === 'native' ? 'pipeline.yaml' : 'config.yaml';
    throw new ConfigurationError([{ file, line: null, column: null, what, fix }]);
}

;// CONCATENATED MODULE: ./build/simulation/unit-source.js


/** Characters that are kept in every worker at the most. */
const MOST_TEXT = 1_000_000;
/** Describes the units of a pipeline; null: they are made of too much. */
function describeUnits({ form, strategy, repeat, maxUnits, only }, items) {
    const plan = { form, strategy, repeat, maxUnits, ...(only === undefined ? {} : { only }) };
    let room = MOST_TEXT - JSON.stringify(plan).length;
    const lines = [];
    for (const line of itemsToLines(items)) {
        room -= line.length;
        if (room < 0)
            return null;
        lines.push(line);
    }
    return { plan, items: lines };
}
/** Plans the units of a description. */
function planDescribed({ plan, items }) {
    return planUnits(plan, itemsFromLines(items));
}

;// CONCATENATED MODULE: ./build/validation/canonical.js
// Equality as JSON has it: 1 equals 1.0, true never equals 1, the order of an object's names means nothing.
// Works by one text per value, so that "is it among these?" and "are all different?" stay linear.

/** A text that two JSON values share exactly when they are equal as JSON. Values must come from JSON. */
function canonicalJson(value) {
    if (typeof value === 'string')
        return JSON.stringify(value);
    if (typeof value === 'number')
        return Object.is(value, -0) ? '0' : String(value);
    if (value instanceof PyFloat)
        return integralText(value.value);
    if (value instanceof PyList) {
        let text = '[';
        for (let i = 0; i < value.length; i++)
            text += `${canonicalJson(value.items[i])},`;
        return `${text}]`;
    }
    if (value instanceof PyDict) {
        const names = [...dictEntries(value)].map(([name, item]) => [JSON.stringify(name), item]);
        names.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
        return `{${names.map(([name, item]) => `${name}:${canonicalJson(item)}`).join(',')}}`;
    }
    return String(value);
}
// An int beyond 2^53 prints all its digits, so a float of the same size must print them too.
function integralText(x) {
    return Number.isSafeInteger(x) ? String(x === 0 ? 0 : x) : BigInt(x).toString();
}

;// CONCATENATED MODULE: ./node_modules/re2js/build/index.js
/*!
* re2js
* RE2JS is the JavaScript port of RE2, a regular expression engine that provides linear time matching
*
* @version v2.10.0
* @author Oleksii Vasyliev
* @homepage https://github.com/le0pard/re2js#readme
* @repository [object Object]
* @license MIT
*/
// src/RE2Flags.js
var RE2Flags = class RE2Flags {
	static FOLD_CASE = 1;
	static LITERAL = 2;
	static CLASS_NL = 4;
	static DOT_NL = 8;
	static ONE_LINE = 16;
	static NON_GREEDY = 32;
	static PERL_X = 64;
	static UNICODE_GROUPS = 128;
	static WAS_DOLLAR = 256;
	static LOOKBEHIND = 512;
	static MATCH_NL = RE2Flags.CLASS_NL | RE2Flags.DOT_NL;
	static PERL = RE2Flags.CLASS_NL | RE2Flags.ONE_LINE | RE2Flags.PERL_X | RE2Flags.UNICODE_GROUPS;
	static POSIX = 0;
	static UNANCHORED = 0;
	static ANCHOR_START = 1;
	static ANCHOR_BOTH = 2;
};
// src/PublicFlags.js
/**
* Public flags for RE2JS and RE2Set compilation.
*/
const PublicFlags = {
	CASE_INSENSITIVE: 1,
	DOTALL: 2,
	MULTILINE: 4,
	DISABLE_UNICODE_GROUPS: 8,
	LONGEST_MATCH: 16,
	LOOKBEHINDS: 512
};
// src/Codepoint.js
/**
* Various constants and helper for unicode codepoints.
*/
const ASCII_SIZE = 128;
const ASCII_TO_UPPER = new Int32Array(ASCII_SIZE);
const ASCII_TO_LOWER = new Int32Array(ASCII_SIZE);
const MAX_BMP = 65535;
for (let i = 0; i < ASCII_SIZE; i++) {
	if (i >= 97 && i <= 122) ASCII_TO_UPPER[i] = i - 32;
	else ASCII_TO_UPPER[i] = i;
	if (i >= 65 && i <= 90) ASCII_TO_LOWER[i] = i + 32;
	else ASCII_TO_LOWER[i] = i;
}
var Codepoint = class {
	static CODES = Object.freeze({
		"\x07": 7,
		"\b": 8,
		"	": 9,
		"\n": 10,
		"\v": 11,
		"\f": 12,
		"\r": 13,
		" ": 32,
		"\"": 34,
		$: 36,
		"&": 38,
		"'": 39,
		"(": 40,
		")": 41,
		"*": 42,
		"+": 43,
		"-": 45,
		".": 46,
		0: 48,
		1: 49,
		2: 50,
		3: 51,
		4: 52,
		5: 53,
		6: 54,
		7: 55,
		8: 56,
		9: 57,
		":": 58,
		"<": 60,
		">": 62,
		"?": 63,
		A: 65,
		B: 66,
		C: 67,
		F: 70,
		P: 80,
		Q: 81,
		U: 85,
		Z: 90,
		"[": 91,
		"\\": 92,
		"]": 93,
		"^": 94,
		_: 95,
		"`": 96,
		a: 97,
		b: 98,
		f: 102,
		i: 105,
		m: 109,
		n: 110,
		r: 114,
		s: 115,
		t: 116,
		v: 118,
		x: 120,
		z: 122,
		"{": 123,
		"|": 124,
		"}": 125
	});
	static toUpperCase(codepoint) {
		if (codepoint < ASCII_SIZE) return ASCII_TO_UPPER[codepoint];
		const s = String.fromCodePoint(codepoint).toUpperCase();
		const expectedLen = s.codePointAt(0) > MAX_BMP ? 2 : 1;
		if (s.length > expectedLen) return codepoint;
		const sOrigin = String.fromCodePoint(s.codePointAt(0)).toLowerCase();
		const originExpectedLen = sOrigin.codePointAt(0) > MAX_BMP ? 2 : 1;
		if (sOrigin.length > originExpectedLen || sOrigin.codePointAt(0) !== codepoint) return codepoint;
		return s.codePointAt(0);
	}
	static toLowerCase(codepoint) {
		if (codepoint < ASCII_SIZE) return ASCII_TO_LOWER[codepoint];
		const s = String.fromCodePoint(codepoint).toLowerCase();
		const expectedLen = s.codePointAt(0) > MAX_BMP ? 2 : 1;
		if (s.length > expectedLen) return codepoint;
		const sOrigin = String.fromCodePoint(s.codePointAt(0)).toUpperCase();
		const originExpectedLen = sOrigin.codePointAt(0) > MAX_BMP ? 2 : 1;
		if (sOrigin.length > originExpectedLen || sOrigin.codePointAt(0) !== codepoint) return codepoint;
		return s.codePointAt(0);
	}
};
// src/UnicodeRangeTable.js
var UnicodeRangeTable = class {
	/**
	* @param {Uint32Array | number[]} data
	* @param {boolean} isStride1
	*/
	constructor(data, isStride1 = false) {
		this.data = data;
		this.isStride1 = isStride1;
		this.SIZE = isStride1 ? 2 : 3;
	}
	getLo(index) {
		return this.data[index * this.SIZE];
	}
	getHi(index) {
		return this.data[index * this.SIZE + 1];
	}
	getStride(index) {
		return this.isStride1 ? 1 : this.data[index * this.SIZE + 2];
	}
	get length() {
		return this.data.length / this.SIZE;
	}
};
// src/UnicodeTables.js
const B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
const B64_MAP = /* @__PURE__ */ new Uint8Array(256);
for (let i = 0; i < 64; i++) B64_MAP[B64.charCodeAt(i)] = i;
const decodeVLQ = (str) => {
	const res = [];
	let value = 0;
	let shift = 0;
	for (let i = 0; i < str.length; i++) {
		const digit = B64_MAP[str.charCodeAt(i)];
		value |= (digit & 31) << shift;
		if ((digit & 32) === 0) {
			res.push(value);
			value = 0;
			shift = 0;
		} else shift += 5;
	}
	return res;
};
const decodeRanges = (str, isStride1) => {
	const res = decodeVLQ(str);
	const numRanges = isStride1 ? res.length / 2 : res.length / 3;
	const out = new Uint32Array(numRanges * 3);
	let current = 0;
	let resIdx = 0;
	for (let i = 0; i < numRanges; i++) {
		current += res[resIdx++];
		out[i * 3] = current;
		current += res[resIdx++];
		out[i * 3 + 1] = current;
		out[i * 3 + 2] = isStride1 ? 1 : res[resIdx++];
	}
	return out;
};
const decodeOrbit = (str) => {
	const res = decodeVLQ(str);
	const map = /* @__PURE__ */ new Map();
	let currentKey = 0;
	for (let i = 0; i < res.length; i += 2) {
		currentKey += res[i];
		const zz = res[i + 1];
		const delta = zz >>> 1 ^ -(zz & 1);
		map.set(currentKey, currentKey + delta);
	}
	return map;
};
var LazyMap = class {
	constructor(initializer) {
		this.initializer = initializer;
		this.cache = /* @__PURE__ */ new Map();
	}
	has(key) {
		return Object.hasOwn(this.initializer, key);
	}
	get(key) {
		if (this.cache.has(key)) return this.cache.get(key);
		const val = this.has(key) ? this.initializer[key]() : null;
		this.cache.set(key, val);
		return val;
	}
};
var UnicodeTables = class {
	static _CASE_ORBIT = null;
	static get CASE_ORBIT() {
		if (!this._CASE_ORBIT) this._CASE_ORBIT = decodeOrbit("rCgCIgCY+rQI4QiCuuBLgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCCgCBgCBgCBgCBgCBgCBgCB+7OB-BB-BB-BB-BB-BBskQB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BC-BB-BB-BB-BB-BB-BB-BByHBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBDCBBBCBBBCBBCCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBCCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBxHBCBBBCBBBCBBB3SBmMBkNBCBBBCBBB8MBCBBB6MB6MBCBBC+EB0MB2MBCBBB6MB+MBiGBmNBiNBCBBBmKBikzCBmNBqNBkIBsNBCBBBCBBBCBBB0NBCBBB0NDCBBB0NBCBBByNByNBCBBBCBBB2NBCBBDCBBCwDFCBCBDBCBCBDBCBCBDBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBB9EBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBCCBCBDBCBBBhGBvDBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBjICCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBH2iVBCBBBlKBwiVB+jVB+jVBCBBBlMBqEBuEBCBBBCBBBCBBBCBBBCBBB+hVB4hVB8hVBjNB7MC5MB5MCzMC1MB+0yCE5MB20yCC9MBu2yCBwyyCBo0yCChNBlNBo0yCBu-UBi0yCDlNC6-UBpNDrNIu+UDzNCm0yCBzNE0yyCBzNBpEBxNBxNBtEG1NLqxyCBkxyCnFoFrBCBBBCBBDCBBEkIBkIBkICoHHsCCqCBqCBqCCgEC+DB+DBmkOBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCC+BBgCBgCBgCBgCBgCBgCBgCBgCBrCBpCBpCBpCBmjOB-BB8BB-BB-BBgEB-BB-BByBBqgOBsDB-BBtwBB-BB-BB-BBsBBgDBCB-BB-BB-BBeB-BB-BB61OB-BB-BB-DB9DB9DBQB7DBmCE9CBrDBPBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBrFB-EBOBnHB3FB-FCCBBBNBCBBCjIBjIBjIBgFBgFBgFBgFBgFBgFBgFBgFBgFBgFBgFBgFBgFBgFBgFBgFBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCB-BB-BB8kMB-BB6kMB-BB-BB-BB-BB-BB-BB-BB-BB-BBokMB-BB-BBkkMBkkMB-BB-BB-BB-BB-BB-BB-BB4jMB-BB-BB-BB-BB-BB-EB-EB-EB-EB-EB-EB-EB-EB-EB-EB-EB-EB-EB-EB-EB-EBCBBBCBoiMBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBJCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBeBCBBBCBBBCBBBCBBBCBBBCBBBCBBBdBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBCgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDL-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-C64CgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOBgmOCgmOGgmODg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FBg8FDg8FBg8FBg8FhVg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBg9rCBQBQBQBQBQBQDPBPBPBPBPBPjkC7mMB5mMBnmMBjmMBCBlmMB3lMBpiMBk8kCBCBBG-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FB-7FD-7FB-7FB-7F6FoglCEsuHRwjlCyDCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCB0DBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBG1DD97OCCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBQBQBQBQBQBQBQBQBPBPBPBPBPBPBPBPBQBQBQBQBQBQDPBPBPBPBPBPDQBQBQBQBQBQBQBQBPBPBPBPBPBPBPBPBQBQBQBQBQBQBQBQBPBPBPBPBPBPBPBPBQBQBQBQBQBQDPBPBPBPBPBPEQCQCQCQCPCPCPCPBQBQBQBQBQBQBQBQBPBPBPBPBPBPBPBPB0EB0EBsFBsFBsFBsFBoGBoGBgIBgIBgHBgHB8HB8HDQBQBQBQBQBQBQBQBPBPBPBPBPBPBPBPBQBQBQBQBQBQBQBQBPBPBPBPBPBPBPBPBQBQBQBQBQBQBQBQBPBPBPBPBPBPBPBPBQBQCSFPBPBzEBzEBRCxnOFSFrFBrFBrFBrFBREQBQClkOFPBPBnGBnGFQBQCljOCODPBPB-GB-GBNHSF-HB-HB7HB7HBRqJ53OE9tQBrmQH4Bc3BSgBBgBBgBBgBBgBBgBBgBBgBBgBBgBBgBBgBBgBBgBBgBBgBBfBfBfBfBfBfBfBfBfBfBfBfBfBfBfBfECBByZ0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BB0BBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzBBzB34BgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDBgDB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CB-CBCBBBt-UBruHBt+UB1iVBviVBCBBBCBBBCBBB3hVB5-UB9hVB7hVCCBBCCBBI9jVB9jVBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBICBBBCBBECBBN-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOB-lOC-lOG-lOzoeCBBBCBBBCBBBCBBBCBBBCBl8kCBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBTCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBnECBBBCBBBCBBBCBBBCBBBCBBBCBBDCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBKCBBBCBBBnglCBCBBBCBBBCBBBCBBBCBBECBBBvyyCDCBBBCBBBgDCCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBn0yCB90yCB10yCBh0yCBn0yCCjxyCBzyyCBpxyCBg6BBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBB-CBl0yCBvjlCBCBBBCBBBt2yCBCBBBCBBBCBBBCBBBCBBBCBBBCBBBCBBBhkzCZCBB9a-5Bd-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCB-8rCm6TCBB7gBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCH-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BmlBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvChDwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCBwCFvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvCBvC1DuCBuCBuCBuCBuCBuCBuCBuCBuCBuCBuCCuCBuCBuCBuCBuCBuCBuCBuCBuCBuCBuCBuCBuCBuCBuCCuCBuCBuCBuCBuCBuCBuCCuCBuCCtCBtCBtCBtCBtCBtCBtCBtCBtCBtCBtCCtCBtCBtCBtCBtCBtCBtCBtCBtCBtCBtCBtCBtCBtCBtCCtCBtCBtCBtCBtCBtCBtCCtCBtCk2BgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEBgEO-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-DB-D+CgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCL-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-B74CgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BhrVgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCBgCB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BB-BhB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BB2BD1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BB1BtxekCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBkCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjCBjC");
		return this._CASE_ORBIT;
	}
	static _Print = null;
	static get Print() {
		if (!this._Print) this._Print = new UnicodeRangeTable(decodeRanges("hB9CBjBLBCpWBDFBFGBCCCBSBCsMBClBBDxBBDCBC2BBJaBFFBSVBC-FBCvBBD6BBDkDBP6BBDwBBDOBCbBDCCBJBGfBIqCBCgFBCHBDBBDVBCGBCEEBCBDIBDBBDDBJFFBCCBDBDYBDCBCFBFBBDVBCGBCBBCBBCBBDCCBDBFBBDCBEIIBCBCIIBPBLCBCIBCCBCVBCGBCBBCEBDJBCCBCCBDQQBCBDLBIGBCCBCHBDBBDVBCGBCBBCEBDIBDBBDCBICBFBBCEBDRBLBBCFBECBCDBEBBCCCBEEBEEBBBELBFEBECBCDBDHHPUBGMBCCBCWBCPBDIBCCBCDBIBBCCBCBBDDBDJBIVBCCBCWBCJBCEBDIBCCBCDBIBBGCBCDBDJBCCBNMBCCBCyBBCCBCFBFPBDZBCCBCRBEXBCIBCDDBFBEFFBEBCCCBGBHJBDCBN5BBFcBmBBBCCCBDBCXBCCCBVBDEBCCCBFBCJBDDBhBnCBCjBBFmBBCjBBCOBCMBmBlGBCGGD4LBCDBDGBCCCBCBDoBBCDBDgBBCDBDGBCCCBCBDOBC4BBCDBDiCBDfBEZBH1CBDFBD-TBCbBE4CBIVBKXBKTBNMBCCBCBBN9CBDJBHJBHNBCKBH4CBIqBBGlCBLeBCLBFLBFEEBoBBDEBMrBBFZBHKBE9BBDgCBCcBDKBHJBHNBDtBBDLBVsCBClFBJ7BBEOBE9BBGqBBDKBJqBBG1QBDFBDlBBDFBDHBCGCBdBD0BBCOBCNBDFBCSBDCBCIBSXBJuBBSBBDaBCMBEhBBPgBBQrEBF5UBXKBWz4BBD9LBGsBBCGGD3BBIBBPXBKGBCGBCGBCGBCGBCGBCGBCGBC9DBjBZBC4CBN1GBbPBC+BBC1CBDmDBGqBBC9CBC1CBKvBBCszcBE2BBK7KBV3FBJ8GBV7BBEJBH3BBJlCBJLBHzDBMdBEtCBCKBFgBBC2BBKNBDJBDmDBZbBLFBDFBDFBKGBCGBC7BBF9DBDJBHj9KBNWBFwBBloItLBDpDBnBGBNEBGZBCEBCCCBCCBCCBoUBhBpBBHyBBCSBCDBFEBCmEBF9FBEFBDFBDFBDCBEGBCGBOBBDLBCZBCSBCBBCOBDNBjB6DBGCBFsBBE3CBCMBEwBwBBsBBjEcBEwBBQbBFjBBKdBGqBBGdBCkBBFNBrB9EBDJBHjBBFjBBFnBBJzBBMLBCOBCGBCBBCKBCOBCGBCBBEzBBN2JBKVBLHBZFBCpBBCIBmCFBDCCBqBBCBBEDDBVBCnCBJIBxBSBCBBGgBBEaBGaBnB3BBFTBDxBBCBBGHBCCBCcBDCBFJBIIBI-BBhBmBBFLBK1BBEcBDaBGZBIDBNGBxCoCB4ByBBOyBBItBBJJBHlBBEcBJBBxGeBCpBBCCBDBBRFBJIBiBtBBJpBBXZBnBbBVWBKtCBFjBBK9BBCEBOYBIJBH0BBCRBJmBBK-CBCTBMRBCuBB-BGBCCCBCBCOBCKBH6BBGJBHDBCHBDBBDVBCGBCBBCEBCJBDBBDCBDHHGGBDGBEEBMJBCDDClBBCJBCDDCDBCJBCBBJBBe7CBCEBfnCBJJBnF1BBDlBBjBkCBMJBHMBU5BBHJBHTBdaBDOBFWB6F7BBlDyCBNHBDDDBGBCBBCdBCBBDLBKJBnCHBDtBBDKBcnCBJyCBOoCBIJB3CHB5ChBBPJBHIBCsBBCNBLcBEfBDVBCNBqCGBCBBCrBBECCBCCBHBJJBHFBCBBCkBBCBBCFBIJBHrBBFJB3HYBIQBCoBBEcB2CQQBwBBO6cBnDuDBCEBMjGBtyCiDBOvhBBRVBL68DBGmSB61G5BBn2B4RBIeBCJBFwCBCJBHdBDFBLlCBLJBCGBCUBGSBxN5BBnG6CBGYBDYBtBqCBF4BBIQBhCEBMGBK1mHBqBfBiDyDB+vIDBCGBCBBCiJBQeeBBBDPPBCBJrMBloCqDBGMBEIBIJBDDBh7D8HBEzNBHWBQQBQtBBDWBKzDB9B1HBLmBBDpCBJvDBWlCB7DTBNTBN2CBKYBoE0CBCmCBCBBDDDBDDBCBCLBCCCBFBCgCBCDBDHBCGBCbBCDBCEBCEEBFBCzKBDjJBD9VBQEBCOBxiBeBHFB2GGBCQBDGBCBBCEBG9BBiBxDxDBrBBENBDJBFBBhKeBS5BBGxOxOBoBB3GqBBFhGhGBdBCVBJBBhHGBCDBCBBCOBCkGBDPBqBrCBFJBFBByYjCBtC8BBjGDBCaBCBBCDDCJBCDBCCCHFFCECBBBCBBCDDCICBCCDDBCGBCDBCDBCCCBIBCQBGCBCEBCQB1BBBvIrBBFjDBNOBDOBCOBCkBBLtFB5BcBOrBBFIBIBBPFB7E4eBEQBEMBE5GBHLBFQQBKBF3BBJJBHnBBJdBDLBFBBPIBoB3KBJNBDMBEKBE4BBCFFBOBDLBFJBIyEBCmDBmgB-2pBBhB9oEBDt0FBDwpHBQtTBjtC9QBjvBq6EBGppIBnkzVvHB", false));
		return this._Print;
	}
	static CATEGORIES = new LazyMap({
		C: () => new UnicodeRangeTable(decodeRanges("AfBgDgBBOrWrWBHHBCBICCVuMuMnBBBzBBBE4B4BBGBcDBHQBXhGhGxBBB8BBBmDNB8BBByBBBQddBCCMEBhBGBsCiFiFJBBDBBXIICCBFBBKBBDBBFHBCDBDGGBaaBEEHDBDBBXIIDGDBCCGDBDBBECBCGBFCCBFBSJBEKKEXXIDDGBBLIEBCCBNBFBBNGBIEEJBBDBBXIIDGGBKKBDDBEEBFBEDBDGGBTTBIBDHHBBBEFFBBBDCCDCBDCBECBNDBGCBEFFBCCBEBCNBWEBOEEYRRBKKEFFBFBDEEDBBFBBLGBXEEYLLGBBKEEFGBDEBEFFBLLELBOEE0BEEHDBRBBbEETCBZKKCBBICBCDBHCCJFBLBBELB7BDBekBBDCCGZZCYYBGGCIILBBFfBpClBlBBCBoBlBlBQOOBjBBnGCCBDBCBB6LFFBIICFFBqBqBFBBiBFFBIICFFBQQ6BFFBkCkCBhBhBBBBbFB3CBBHBB+UCB6CGBXIBZIBVLBOEEDLB-CBBLFBLFBPMMBEB6CGBsBEBnCJBgBNNBCBNDBCCBrBBBGKBtBDBbFBMCB-BBBiCeeBMMBEBLFBPBBvBBBNTBuCnFnFBGB9BCBQCB-BEBsBBBMHBsBEB3QBBHBBnBBBHBBJGCgBBB2BQQPBBHUUBEEKMMBDBbEByBPBDBBcOOBBBjBNBiBOBtEDB7UVBMUB14BBB-LEBuBCCBDBCBB5BGBDNBZIBI4BI-DhBBb6C6CBKB3GZBxC3C3CBoDoDBDBsB-C-C3CIBxBuzcuzcBBB4BIB9KTB5FHB+GTB9BCBLFB5BHBnCHBNFB1DKBfCBvCMMBCBiB4B4BBHBPBBLBBoDXBdJBHBBHBBHIBIII9BDB-DBBLFBl9KLBYDByBjoIBvLBBrDlBBILBGEBbGGCGDrUfBrBFB0BUUFDBGoEoEBCB-FCBHBBHBBHBBECBIIIBLBDBBNbbUDDQBBPhBB8DEBEDBuBCB5COOBBBCuBBvBhEBeCByBOBdDBlBIBfEBsBEBfmBmBBCBPpBB-EBBLFBlBDBlBDBpBHB1BKBNQQIDDMQQIDDBBB1BLB4JIBXJBJXBHrBrBKkCBHBBCtBtBDCBCBBYpCpCBGBKvBBUDDBDBiBCBcEBclBB5BDBVBBzBDDBDBJEEeBBEDBLGBKGBhCfBoBDBNIB3BCBeBBcEBbGBFLBIvCBqC2BB0BMB0BGBvBHBLFBnBCBeHBDvGBgBrBrBEBBDPBHHBKgBBvBHBrBVBblBBdTBYIBvCDBlBIB-BGGBLBaGBLFB2BTTBGBoBIBhDVVBJBTwBwBB8BBICCFQQMFB8BEBLFBFJJBDDBXXIDDGLLBDDBEEBCCBEBCEBIBBICBGKBLCCBCCnBLLCBBCFFLDDBGBDcB9CGGBcBpCHBLlFB3BBBnBhBBmCKBLFBOSB7BFBLFBVbBcBBQDBY4FB9BjDB0CLBJBBCBBJDDfDDBNNBHBLlCBJBBvBBBMaBpCHB0CMBqCGBL1CBJ3CBjBNBLFBKuBuBPJBeCBhBBBXPPBnCBIDDtBCBCDDKHBLFBHDDmBDDHGBLFBtBDBL1HBaGBSqBqBBBBe0CBCOBzBMB8clDBwDGGBJBlGryCBkDMBxhBPBXJB88DEBoS41GB7Bl2BB6RGBgBLLBCByCLLBEBfBBHJBnCJBLIIWEBUvNB7BlGB8CEBaBBarBBsCDB6BGBS-BBGKBIIB3mHoBBhBgDB0D8vIBFIIDkJkJBNBCcBEBBCNBFHBtMjoCBsDEBOCBKGBLBBF-6DB+HCB1NFBYOBSOBvBBBYIB1D7BB3HJBoBBBrCHBxDUBnC5DBVLBVLB4CIBamEB2CoCoCDBBCBBDBBFNNCIIiCFFBJJIddFGGCCBI1K1KBlJlJB-V-VBNBGQQBuiBBgBFBH0GBISSBIIDGGBDB-BgBBCvDBuBCBPBBLDBD-JBgBQB7BEBCvOBrB1GBsBDBC-FBgBXXBGBD-GBIFFDQQmGBBRoBBtCDBLDBDwYBlCrCB+BhGBFccDCCBCCLFFCCCBEBCDBCECEDDCBBCICDCCBFFIKFCLLSEBEGGSzBBDtIBtBDBlDLBQBBQQQmBJBvF3BBeMBtBDBKGBDNBH5EB6eCBSCBOCB7GFBNDBCOBNDB5BHBLFBpBHBfBBNDBDNBKmBB5KHBPBBOCBMCB6BCCBCBRBBNDBLGB0EoDoDBjgBBh3pBfB-oEBBv0FBBypHOBvThtCB-QhvBBs6EEBrpIlkzVBxHvw-FB", false)),
		Cc: () => new UnicodeRangeTable(decodeRanges("AfgDgB", true)),
		Cf: () => new UnicodeRangeTable(decodeRanges("tFzqBzqBBEBXhGhGyBhMhMBxCxCs5D9-B9-BBDBbEByBEBCJBw03B6H6HBBBimEQQj7IPBhjiBDBwmFHBn0rYffB+CB", false)),
		Cn: () => new UnicodeRangeTable(decodeRanges("4bBBHDBICCVuMuMnBBBzBBBE4B4BBGBcDBHKBvI9B9BBmDmDBMB8BBByBBBQddBCCMEBjBEBuHJJBDDBXXICCBBBFBBKBBDBBFHBCDBDGGBaaBEEHDBDBBXIIDGDBCCGDBDBBECBCGBFCCBFBSJBEKKEXXIDDGBBLIEBCCBNBFBBNGBIEEJBBDBBXIIDGGBKKBDDBEEBFBEDBDGGBTTBIBDHHBBBEFFBBBDCCDCBDCBECBNDBGCBEFFBCCBEBCNBWEBOEEYRRBKKEFFBFBDEEDBBFBBLGBXEEYLLGBBKEEFGBDEBEFFBLLELBOEE0BEEHDBRBBbEETCBZKKCBBICBCDBHCCJFBLBBELB7BDBekBBDCCGZZCYYBGGCIILBBFfBpClBlBBCBoBlBlBQOOBjBBnGCCBDBCBB6LFFBIICFFBqBqBFBBiBFFBIICFFBQQ6BFFBkCkCBhBhBBBBbFB3CBBHBB+UCB6CGBXIBZIBVLBOEEDLB-CBBLFBLFBbFB6CGBsBEBnCJBgBNNBCBNDBCCBrBBBGKBtBDBbFBMCB-BBBiCeeBMMBEBLFBPBBvBBBNTBuCnFnFBGB9BCBQCB-BEBsBBBMHBsBEB3QBBHBBnBBBHBBJGCgBBB2BQQPBBHUUBEEKmDmDNBBcOOBBBjBNBiBOBtEDB7UVBMUB14BBB-LEBuBCCBDBCBB5BGBDNBZIBI4BI-DhBBb6C6CBKB3GZBxC3C3CBoDoDBDBsB-C-C3CIBxBuzcuzcBBB4BIB9KTB5FHB+GTB9BCBLFB5BHBnCHBNFB1DKBfCBvCMMBCBiB4B4BBHBPBBLBBoDXBdJBHBBHBBHIBIII9BDB-DBBLFBl9KLBYDByBDBvzIBBrDlBBILBGEBbGGCGDrUfBrBFB0BUUFDBGoEoEBCC-FCBHBBHBBHBBECBIIIBIBGBBNbbUDDQBBPhBB8DEBEDBuBCB5COOBBBCuBBvBhEBeCByBOBdDBlBIBfEBsBEBfmBmBBCBPpBB-EBBLFBlBDBlBDBpBHB1BKBNQQIDDMQQIDDBBB1BLB4JIBXJBJXBHrBrBKkCBHBBCtBtBDCBCBBYpCpCBGBKvBBUDDBDBiBCBcEBclBB5BDBVBBzBDDBDBJEEeBBEDBLGBKGBhCfBoBDBNIB3BCBeBBcEBbGBFLBIvCBqC2BB0BMB0BGBvBHBLFBnBCBeHBDvGBgBrBrBEBBDPBHHBKgBBvBHBrBVBblBBdTBYIBvCDBlBIBlCJBCBBaGBLFB2BTTBGBoBIBhDVVBJBTwBwBB8BBICCFQQMFB8BEBLFBFJJBDDBXXIDDGLLBDDBEEBCCBEBCEBIBBICBGKBLCCBCCnBLLCBBCFFLDDBGBDcB9CGGBcBpCHBLlFB3BBBnBhBBmCKBLFBOSB7BFBLFBVbBcBBQDBY4FB9BjDB0CLBJBBCBBJDDfDDBNNBHBLlCBJBBvBBBMaBpCHB0CMBqCGBL1CBJ3CBjBNBLFBKuBuBPJBeCBhBBBXPPBnCBIDDtBCBCDDKHBLFBHDDmBDDHGBLFBtBDBL1HBaGBSqBqBBBBe0CBCOBzBMB8clDBwDGGBJBlGryCBkDMB3iBJB88DEBoS41GB7Bl2BB6RGBgBLLBCByCLLBEBfBBHJBnCJBLIIWEBUvNB7BlGB8CEBaBBarBBsCDB6BGBS-BBGKBIIB3mHoBBhBgDB0D8vIBFIIDkJkJBNBCcBEBBCNBFHBtMjoCBsDEBOCBKGBLBBJ76DB+HCB1NFBYOBSOBvBBBYIB1D7BB3HJBoBBBjGUBnC5DBVLBVLB4CIBamEB2CoCoCDBBCBBDBBFNNCIIiCFFBJJIddFGGCCBI1K1KBlJlJB-V-VBNBGQQBuiBBgBFBH0GBISSBIIDGGBDB-BgBBCvDBuBCBPBBLDBD-JBgBQB7BEBCvOBrB1GBsBDBC-FBgBXXBGBD-GBIFFDQQmGBBRoBBtCDBLDBDwYBlCrCB+BhGBFccDCCBCCLFFCCCBEBCDBCECEDDCBBCICDCCBFFIKFCLLSEBEGGSzBBDtIBtBDBlDLBQBBQQQmBJBvF3BBeMBtBDBKGBDNBH5EB6eCBSCBOCB7GFBNDBCOBNDB5BHBLFBpBHBfBBNDBDNBKmBB5KHBPBBOCBMCB6BCCBCBRBBNDBLGB0EoDoDBjgBBh3pBfB-oEBBv0FBBypHOBvThtCB-QhvBBs6EEBrpIm8yVBCdBhD-DBxHvw-BB---BBB---BBB", false)),
		Co: () => new UnicodeRangeTable(decodeRanges("gg4B-nGh4hc9--BD9--B", true)),
		Cs: () => new UnicodeRangeTable(decodeRanges("gg2B--B", true)),
		L: () => new UnicodeRangeTable(decodeRanges("hCZBHZBwBLLFGGBVBCeBCpOBFLBPEBICCiEEBCBBDDBCHHCCBCCCBSBCyCBCqEBJlFBClBBDHHBnBBoCaBFDBuBqBBkBBBCiDBCQQBIIBLLBBBDRRCdBe4CBMZZBfBKBBFGGBUBFKKEYYBXBIKBGXBCGBRpBB7B1BBETTIJBQPBFHBDBBDVBCGBCEEBCBERROBBCCBPBBLJJBEBFBBDVBCGBCBBCBBCBBgBDBCUUBBBRIBCCBCVBCGBCBBCEBETTQBBYMMBGBDBBDVBCGBCBBCEBEffBCCBBBQSSCFBECBCDBEBBCCCBEEBEEBBBELBX1B1BBGBCCBCWBCPBEbbBBBCBBDBBfFFBGBCCBCWBCJBCEBEffBBBCBBQBBSIBCCBCoBBDRRGCBJCBZFBGRBEXBCIBCDDBFB7BvBBCBBNGB7BBBCCCBDBCXBCCCBIBCBBKDDBDBCWWBCBhBgCgCBGBCjBBcEB0DqBBVRRBEBFDBEEEBIIBBBFMBNSSBkBBCGGDqBBCsKBCDBDGBCCCBCBDoBBCDBDgBBCDBDGBCCCBCBDOBC4BBCDBDiCBmBPBR1CBDFBErTBDQBCZBGqCBHHBIRBOSBPRBPMBCCBQzBBkBFFkC4CBIEBDhBBCGGBkCBLeByBdBDEBMrBBFZB3BWBK0BBzC+C+CBtBBSHB3BdBOBBLrBBbjBBqBCBLjBBDKBGqBBDCBqBDBCFBCBBEGGB+FBhC1IBDFBDlBBDFBDHBCGCBdBD0BBCGBCEEBBBCGBEDBDFBFMBGCBCGB1DOORMBmDFFDJBCEEBDBHGCBCBCKBDDBGEBF1B1BB8zC8zCBjHBHDBEBBNlBBCGGD3BBIRRBVBKGBCGBCGBCGBCGBCGBCGBCGBxC2O2OBrBrBBDBGBBF1CBHCBC5CBCDBGqBBC9CBSfBxBPBhQ-tGBhCs0VBkCtBBDsIBEPBLBBVuBBReBDlCByBIBDmDBDxCBVQBCCBCDBCWBezBBPxBB-BFBECCBMMBaBLWBacBIuBBdRRBDBCJBLEBCoBBYCBCHBVWBEEEBwBBCEEBDDBDBDCCZCBDKBICBNFBDFBDFBKGBCGBCqBBCNBHyDBej9KBNWBFwBBloItLBDpDBnBGBNEBGCCBIBCMBCEBCCCBCCBCCBqDBiBqLBT-BBD1BBpBLB1DEBCmEBlBZBHZBM4CBEFBDFBDFBDCBkBLBCZBCSBCBBCOBDNBjB6DBmMcBEwBBwBfBOTBCHBHlBBLdBDjBBFHBxB9EBTjBBFjBBFnBBJzBBNKBCOBCGBCBBCKBCOBCGBCBBEzBBN2JBKVBLHBZFBCpBBCIBmCFBDCCBqBBCBBEDDBVBLWBKeBiCSBCBBLVBLZBHZBnB3BBHBBhCQQBCBCCBCcBrBcBEcBkBHBCbBc1BBLVBLSBORBvDoCB4ByBBOyBBOjBBnBbBKWB7HpBBHBBRFB5BcBLJJBUBrBRBvBUBcWBN0BB6BBBDOOBrBBhBYBbjBBeDDJiBBENNBuBBPDBWCCkBRBCYBUBBgCGBCCCBCBCOBCJBIuBBnBHBDBBDVBCGBCBBCEBETTNEBfJBCDDClBBCaaCtBtBBzBBTDBVCBfvBBVBBC5F5FBtBBqBDBlBvBBV8B8BBpBBOoCoCBZBmBGB6FrBB1D-BBgBHBDDDBGBCBBCXBQCC-CHBDmBBRCCdLLBmBBIWWMtBBUTTBnCBoGgBBgBIBCkBBSyByBBcBxDGBCBBClBBWaaBEBCBBCfBPYYBqBBlISBQCCBLBChBB9DwCwCB4cBnHjGBtyCgDBQvhBBSFBa68DBGmSB61GdBj3B4RBIeBSuCBSdBTvBBRDBgBUBGSBxNsBB0G-BBhBYBDYBtBqCBGjCjCBLBhCBBCPPBNNB0mHBqBfBiDyDB+vIDBCGBCBBCiJBQeeBBBDPPBCBJrMBloCqDBGMBEIBIJBn7F0CBCmCBCBBDDDBDDBCBCLBCCCBFBCgCBCDBDHBCGBCbBCDBCEBCEEBFBCzKBDYBCYBCeBCYBCeBCYBCeBCYBCeBCYBCHB15BeBHFBmI9BBzEsBBLGBRiKiKBcBTrBBlPbBlHdBDwGwGBdBCCBCBBCGBDEBKBBhHGBCDBCBBCOBCkGB8BjCBI1lB1lBBCBCaBCBBCDDCJBCDBCCCHFFCECBBBCBBCDDCICBCCDDBCGBCDBCDBCCCBIBCQBGCBCEBCQBlqE-2pBBhB9oEBDt0FBDwpHBQtTBjtC9QBjvBq6EBGppIB", false)),
		LC: () => new UnicodeRangeTable(decodeRanges("hCZBHZB7BLLBVBCeBCiGBCDBFvGBDZBhGDBDBBECBCHHCCBCCCBSBCyCBCqEBJlFBClBBKoBB44ClBBCGGDqBBDCBhV1CBDFBjkCKBGqBBDCBhCrBBgCMBChBBmD1IBDFBDlBBDFBDHBCGCBdBD0BBCGBCEEBBBCGBEDBDFBFMBGCBCGBmIFFDJBCEEBDBHGCBCBCFBFDDBCBGEBF1B1BB8zC8zCB6DBDmDBHDBEBBNlBBCGGzoetBBTbBnEtCBCWBEDBCsCBZBBE2Z2ZBpBBGIBIvCBh6TGBNEBqgBZBHZBmlBvCBhDjBBFjBB1DKBCOBCGBCBBCKBCOBCGBCBBk2ByBBOyBB+CVBLVB74C-BBhrV-BBhBYBDYBtpZ0CBCmCBCBBDDDBDDBCBCLBCCCBFBCgCBCDBDHBCGBCbBCDBCEBCEEBFBCzKBDYBCYBCeBCYBCeBCYBCeBCYBCeBCYBCHB15BJBCTBHFB2uCjCB", false)),
		Ll: () => new UnicodeRangeTable(decodeRanges("hDZB7BqBqBBWBCHBC2BCBQCBuBCDECBBBDCCDEEBFFDEEBBBDDDCCCDCCBCCDEECDDBDDBBBHGDCOCBSCBDDCEEC4BCBFBDDDBCCFICBjCBDZBiGCCEEEBBBTccBhBBCBBECBCWCBDBCGDB0B0BBuBBCgBCK0BCDMCBgDCxBoBBo6CqBBDCB5XFBjkCIBC2D2DBqBBgCMBChBBnD0ECBHBCgDCBHBJFBLHBJHBJFBLHBJHBJNBDHBJHBJHBJEBCBBHEEBBBCBBJDBDBBJHBLCBCBBzIEEBEEcKFDBBJDBF2B2Bs1CvBBCEEBGCFCCBCCBEBGiDCBIICFFNlBBCGG0oesBCUaCoEMCBBBC+BCBGBCCCDICFCCDCCBBBCSCGGGCMCFCCDOCbEE2ZqBBGIBIvCBh6TGBNEBqhBZBumBnBBpEjBB8EKBCOBCGBCBBk4ByBB+DVB75CfBhsVfB8BYBnqZZBbGBCRBbZBbDBCCCBFBCKBbZBbZBbZBbZBbZBbZBbZBbZBbbBdYBCFBbYBCFBbYBCFBbYBCFBbYBCFBC15B15BBIBCTBHFB4vChBB", false)),
		Lm: () => new UnicodeRangeTable(decodeRanges("wVRBFLBPEBICCmEGG-OnHnHlFBBuIBBFgBgBKEEhFoFoF1mBgEgE2R72B72BsDkTkTxOFBvF+BBOjBjBBjBByVOORMBg-CBByHgGgG2OsBsBBDBGiDiDB+C+CBBB34bjnBjnBBEBvIzDzDdBB6DIBxCYYpDDBEBB2OXXqEtDtDWBBoDDBKngVngVuBBBh-BFBCpBBCIB0sBhBhB2K04D04DnrTDB9PCBpBBBnRMBhCBBCPPB9-P9-PBCBCGBCBByhM9BBqGGBud0Q0QsSAB", false)),
		Lo: () => new UnicodeRangeTable(decodeRanges("qFQQhIFFBCBxGBB7ZaBFDBuBfBCJBkBBBCiDBCZZBLLBBBDRRCdBe4CBMZZBfBWVBrBYBIKBGXBCGBRoBB8B1BBETTIJBROBFHBDBBDVBCGBCEEBCBERROBBCCBPBBLJJBEBFBBDVBCGBCBBCBBCBBgBDBCUUBBBRIBCCBCVBCGBCBBCEBETTQBBYMMBGBDBBDVBCGBCBBCEBEffBCCBBBQSSCFBECBCDBEBBCCCBEEBEEBBBELBX1B1BBGBCCBCWBCPBEbbBBBCBBDBBfFFBGBCCBCWBCJBCEBEffBBBCBBQBBSIBCCBCoBBDRRGCBJCBZFBGRBEXBCIBCDDBFB7BvBBCBBNFB8BBBCCCBDBCXBCCCBIBCBBKDDBDBYDBhBgCgCBGBCjBBcEB0DqBBVRRBEBFDBEEEBIIBBBFMBNyDyDBnKBCDBDGBCCCBCBDoBBCDBDgBBCDBDGBCCCBCBDOBC4BBCDBDiCBmBPByDrTBDQBCZBGqCBHHBIRBOSBPRBPMBCCBQzBBpBkCkCBhBBC0BBIEBDhBBCGGBkCBLeByBdBDEBMrBBFZB3BWBK0BBxFuBBSHB3BdBOBBLrBBbjBBqBCBLdByDDBCFBCBBE7hB7hBBCB4-C3BBZWBKGBCGBCGBCGBCGBCGBCGBCGBoR2B2BF1CBJCCB4CBFGGBpBBC9CBSfBxBPBhQ-tGBhC0wUBC2jBBkCnBBJrIBFPBLBBjCyByBBkCBqFoDoDEGBCCBCDBCWBezBBPxBB-BFBECCBMMBaBLWBacBIuBBuBEBDIBLEBCoBBYCBCHBVPBCFBEEEBwBBCEEBDDBDBDCCZBBEKBIPPBEBDFBDFBKGBCGByEiBBej9KBNWBFwBBloItLBDpDBkCCCBIBCMBCEBCCCBCCBCCBqDBiBqLBT-BBD1BBpBLB1DEBCmEBqDJBCsBBDeBEFBDFBDFBDCBkBLBCZBCSBCBBCOBDNBjB6DBmMcBEwBBwBfBOTBCHBHlBBLdBDjBBFHBhEtCBjDnBBJzBB9CzBBN2JBKVBLHB5EFBDCCBqBBCBBEDDBVBLWBKeBiCSBCBBLVBLZBHZBnB3BBHBBhCQQBCBCCBCcBrBcBEcBkBHBCbBc1BBLVBLSBORBvDoCB4FjBBnBDBCxJxJBoBBHBBRCBCBB5BcBLJJBUBrBRBvBUBcWBN0BB6BBBDOOBrBBhBYBbjBBeDDJiBBENNBuBBPDBWCCkBRBCYBUBBgCGBCCCBCBCOBCJBIuBBnBHBDBBDVBCGBCBBCEBETTNEBfJBCDDClBBCaaCtBtBBzBBTDBVCBfvBBVBBC5F5FBtBBqBDBlBvBBV8B8BBpBBOoCoCBZBmBGB6FrBB0GHBDDDBGBCBBCXBQCC-CHBDmBBRCCdLLBmBBIWWMtBBUTTBnCBoGgBBgBIBCkBBSyByBBcBxDGBCBBClBBWaaBEBCBBCfBPYYBnBBCBBlISBQCCBLBChBB9DwCwCB4cBnHjGBtyCgDBQvhBBSFBa68DBGmSB61GdBj3B4RBIeBSuCBSdBTvBB0BUBGSB0NnBB2MqCBGwFwFB0mHBqBfBiDyDBuwIiJBQeeBBBDPPBCBJrMBloCqDBGMBEIBIJBxzI2P2PBrBBiBiKiKBcBTrBBlPaBmHdBDwGwGBdBCCBCBBCGBDEBKiHiHBFBCDBCBBCOBCkGB8pBDBCaBCBBCDDCJBCDBCCCHFFCECBBBCBBCDDCICBCCDDBCGBCDBCDBCCCBIBCQBGCBCEBCQBlqE-2pBBhB9oEBDt0FBDwpHBQtTBjtC9QBjvBq6EBGppIB", false)),
		Lt: () => new UnicodeRangeTable(decodeRanges("lOGDnB2sH2sHBGBJHBJHBNQQwBAB", false)),
		Lu: () => new UnicodeRangeTable(decodeRanges("hCZBmDWBCGBiB2BCDOCDuBCBECEBBCCCBCCBBBDDBCBBCCBEBBCBBCECBCCDCCBCCBBBCCCBEEIJDCMCDQCDDDCCBC4BCIBBCBBDCCBCBCGCiJCCEJJHCCBBBCCCBCCBPBCIBkBDDBBBEWCGDDCBBDyBBxBgBCK2BCBMCD+CCDlBBq6ClBBCGGzW1CB0kCHHBpBBDCBhK0ECKgDCKHBJFBLHBJHBJFBMGCJHBpCDBNDBNDBNEBMDBnIFFECBDCBDEEBDBHGCBCBDDBLBBG+B+B9zCvBBxBCCBBBDGCBCBCDDJCBCgDCJCCFuqeuqeCqBCUaCoEMCE8BCLECBICFCCDCCEUCBDBCEBCOCBCBCCCBQCZs5Vs5VBYBmmBnBBpEjBB9EKBCOBCGBCBBr3ByBB+EVB75CfBhsVfBhCYBoqZZBbZBbZBbCCBGDBDDBCBCHBbZBbBBCDBDHBCGBcBBCDBCEBCEEBFBcZBbZBbZBbZBbZBbZBfYBiBYBiBYBiBYBiBYBiB2pE2pEBgBB", false)),
		M: () => new UnicodeRangeTable(decodeRanges("gYvDB0IGBoIsBBCCCBCCBCCpCKBxBUBRmDmDBFBDFBDBBCDBkBffBZB8CKB7BIBKZZBCBCIBCCBCEBsBCB8BIBrBXBCgBB3BCBCRBCGBLBBeCB5BCCBFBDBBDCBKLLBbbDCB5BCCBDBFBBDCBEffBEEMCB5BCCBGBCCBCCBVBBXFBCCB5BCCBFBDBBDCBICBLBBf8B8BBDBECBCDBKpBpBBDB4BCCBFBCCBCDBIBBMBBeCB5BCCBFBCCBCDBIBBMBBQNNBCB4BBBCGBCCBCDBKLLBeeBBBnCFFBEBCCCBGBTBB+BDDBFBNHBjDDDBHBMGBqCBBcECFBByBTBCBBGKBCjBBKlDlDBSBYDBFCBCCBDGBEDBOLBCLLBCBgWCBzdDBdCBeBBfBBhCfBKuBuBBBBC2D2DBjBjB3DLBFLB8GEB6BJBCcBDxBxBBsBBDLBVEBwBQBnBIBNCBfMB5BNBxBTB5ECBCUBFHHDCBnG-BBxWgBB--CCBuEhDhDBeBrRFBqDBB1udDBCJBhBBBxCBBxIEEFYYBDBF0C0CBzBzBBQBbRBOnBnBBGBaMBtBDBwBNBlBkCkCBMBNJJBuBuBBBBzBCCBBBDBBGBBCqBqBBDBGBBtHHBCBBx5TiXiXBOBRPBuejHjH2EEBn0BCBCBBGDBpBCBFmFmFB+R+RBCBiCEB+JBBuCFBnCKByBDB7DCB2BOBqBDDBLLBCBuBKBI+B+BBBBlBNBRBBtBNNBBBxBNBJDBCBB9CLBHDD+ELBWDB4BBBCGBDBBDCBKLLBDDBFBEEBkCIBCDDCDBCEBCPPBzCzCBQBYyCyCBSBsHGBDIBcBBzCQBrDMBmDOBhIOB2HFBCBBDDBCCCBuEuEBFBDGBEddBIBpBGBCDBJKKBJBvBPBnGHBoGHBCHBzCVBCNB7DFBECCBCCBFBCjCjCBDBCBBCEB8KDBKBBCxBxBBFBEEBYmnFmnFHOBpmLRBhuCEB8BGB5gBCCB1BBIDByCMMBslTslTBizEizEBsBBDWB-QEBEFBJHBDGBfDB1ECB89B2BBFxBBJPPXEBCOBxqBGBCQBDGBCBBCEBlDhFhFBFB4L+B+BBCB9PDB-HBB0HDDIBBG7O7OBFBuDGB29lYvHB", false)),
		Mc: () => new UnicodeRangeTable(decodeRanges("joC4B4BDCBJDBCBBzBBB7BCBHBBDBBLsBsB7BCBjC7B7BBBBJCCB2B2BB7B7BCHHBDDBLLnDBBCBBECBCCBLqBqBBBB+BDB+BBB7BCCBDBDBBCBBKBBdPPB7B7BBBBGCBCCBLrBrBBsCsCBBBHHBTBBrKBBgCsFsFBFFHDDBaaBLLBBBDGBWBBDFBDLLBBB5zBffiEIIBGBCBB7KDBDCBFBBCFBhHBB7BCCKCCBJJBEByExBxBGCCBDBCBB+BffFBBD9B9BDCBCEEBxBxBBGBJBBsFWW35EBB0-dBBD5C5CBzBzBBOBvEBBwBxBxBBFFBDDBBBvDBBDBBZuBuBCuDuDDBBGuHuHBCCBCCBCC0gZCCgEuBuBBBBFBB0DZZB8B8BxBCBKBBO+C+CBBBEBBCrFrFBBBgBBB7BBBCDBDBBDCBKLLB1C1CBBBIDDCDBCBBCmDmDBBBJBBErDrDBBBHCCBCBDuHuHBBBHDBDyDyDBBBJBBCuDuDCBBHoDoDCBBFmImIBBBK4H4HBEBCBBFDDCvEvEBBBJDBF1C1CeBB-BqGqGECCoGPPrDIID2G2GBDBFBBC-K-KBNNxBBBJBBCpvQpvQBBBlxD2BBpDBB0rYBBHFB", false)),
		Me: () => new UnicodeRangeTable(decodeRanges("okBBB1xF-wB-wBBCBCCBsshBCB", false)),
		Mn: () => new UnicodeRangeTable(decodeRanges("gYvDB0IEBqIsBBCCCBCCBCCpCKBxBUBRmDmDBFBDFBDBBCDBkBffBZB8CKB7BIBKZZBCBCIBCCBCEBsBCB8BIBrBXBCfB4BCCFHBFEEBFBLBBe7B7BFDBJVVBbbDBB6BFFBFFBDDBBBEffBEEMBB6BFFBDBCBBFVVBXXBEBC7B7BDCCBCBJIIBMMBff+BNNzBEE4BCCBBBGCBCDBIBBMBBe7B7BDHHGBBVBBdBB6BBBFDBJVVBeepCIIBBBC7C7CDGBNHBjDDDBHBMGBqCBBcEC4BNBCEBCBBGKBCjBBKnDnDBCBCFBCBBDBBaBBFCBRDBODDBHHQgWgWBBBzdCBeBBfBBfBBhCBBCGBJDDBJBKuBuBBBBC2D2DBjBjB3DCBFBBKHHBBB8GBBD7B7BCGBCCCDHBHJBDxBxBBMBCeBDLBVDBxBCCBDBCGGpBIBNBBhBDBDBBCCB5BCCBEECCB7BHBDBB5ECBCMBCGBFHHEBBnG-BBxWMBFEEBKB--CCBuEhDhDBeBrRDBsDBB1udFFBIBhBBBxCBBxIEEFaaBGG4EBBbRBOnBnBBGBaKBvBCBxBDDBCBDBBoBkCkCBEBDBBDBBNJJwB0B0BCCBDBBGBBCrBrBBJJvHDDFx5Tx5TiXPBRPBuejHjH2EEBn0BCBCBBGDBpBCBFmFmFB+R+RBCBiCEB+JBBuCFBnCKByBDB8D3B3BBNBqBDDBLLBBByBDBDBBI+B+BBBBlBEBCHB-BNNB1B1BBHBLDBDgDgDBBBDCCBHHD+E+EEHBWBB6BBBEmBmBBFBEEBnCFBOECPBB2CHBDCBCYY1CFBCFFBCCBvHvHBCBHBBCBBcBB2CHBDCCBrDrDCDDBEBCmDmDCDDBCBCEBkIIBCBBhIBBCFFxEDBDBBFhBhBBIBpBFBDDBJKKBEBDCBvBMBCBBnGCCBBBCqGqGBFBCFBCzCzCBUBDGBCBBCBB7DFBECCBCCBFBCpCpCBEEC8K8KBMMB1B1BBDBGCCYmnFmnFHOBpmLLBECBhuCEB8BGB5gBgCgCBCByC5lT5lTBizEizEBsBBDWBhRCBSHBDGBfDB1ECB89B2BBFxBBJPPXEBCOBxqBGBCQBDGBCBBCEBlDhFhFBFB4L+B+BBCB9PDB-HBB0HDDIBBG7O7OBFBuDGB29lYvHB", false)),
		N: () => new UnicodeRangeTable(decodeRanges("wBJB5DBBGDDBBBitBJBnEJBnGJB9MJB3DJBFFBtDJB3DJB3DJBDFBvDMB0DJBJGBoDJBpDGBISBuDJBhDJB3DJBnCTBtIJBnCJBwWTBybCBwHJBHJBXJBtJJBhEKBmFJBHJB3FJB3CJBnEJBHJB3gBEEBEBHJBnGyBBDEB3W7BBvCVB3TdBqrBqYqYaIBPCB4KDBrEJBfHBCOBhBJBoBOBh7cJB9FJBhKFB7EJBnBJBnGJBXJB3CJB3MJB34UJBuPsBBN4BBSBB2KaBlBDBeJJnEEBrGJBvdHBaGBoBIBsCEBXFBhFBBDPBDtBBhCIB1BBBfCBsCEBpDHBZHBqBGBrKFBxBJBHJB3IeB-EJBrBDBxDGBnEdBhEJB9BJBxEJBITB8HJB3KJB3DJB3LJBnDJBHTBtCLBlNSB+CJB3UJB3CcBkHJBnCJB3BJBnLJBnDUBshBuDBimPJBnpCJB3CJBnEJBCGBvQJBnIWB+KCB6nXJBnuBTBNTBtDYB2iBxBBhqCJBnNJB3PJB4HJBtWIBhEJB4Y6BBCCBCDBtCsBBCOBjeMBk3CJB", false)),
		Nd: () => new UnicodeRangeTable(decodeRanges("wBJnxBJnEJnGJ9MJ3DJ3DJ3DJ3DJ3DJ3DJ3DJ3DJ3DJhDJ3DJnCJ3IJnCJn6BJnBJtJJhEJnFJHJ3FJ3CJnEJHJnuiBJnVJnBJnGJXJ3CJ3MJ34UJnsBJnkCJHJ9YJhEJ9BJxEJ3IJ3KJ3DJ3LJnDJHTtCJnNJnDJ3UJ3CJ3HJnCJ3BJnLJ3uQJnpCJ3CJnEJ3QJ37XJ12CxBhqCJnNJ3PJ4HJ2aJ30EJ", true)),
		Nl: () => new UnicodeRangeTable(decodeRanges("u3FCBwzCiBBDDB-zDaaBHBPCBs1dJBxyW0BBtOJJnEEBrhIuDBm8SCB", false)),
		No: () => new UnicodeRangeTable(decodeRanges("yFBBGDDBBB2pCFB5LFB5DCBmEGB6GGBSIByNJB2hBTB0jBJBhP20B20BEFBHJBnGPBqB3W3WB6BBvCVB3TdBqrB1kB1kBBCBrEJBfHBCOBhBJBoBOBxrdFBymWsBBiCDBSBB2KaBlBDB1pBHBaGBoBIBsCEBXFBhFBBDPBDtBBhCIB1BBBfCBsCEBpDHBZHBqBGBrKFBhLeB-EJBrBDBxDGBnETB8LTBmqBBBvNIBobSB0aUBn8SGB-YWBqhZTBNTBtDYBvqFIBid6BBCCBCDBtCsBBCOBjeMB", false)),
		P: () => new UnicodeRangeTable(decodeRanges("hBCBCFBCDBLBBEBBbCBCccCkBkBGEELBBEEE-VJJzOFBqBBB0BCCDDDtBBBVBBCBBOCCBBBrCDBnDsBsBBMBqHCB3BOBgBmImIBLLtE5D5D6DnMnMNwLwL7CLLBpFpFBNBCmBmBBCBoCrCrCBDBFBBwDFBsFlTlTBHB4EuTuTtBBBvCCBoCBB+ECBCCBmBKB6JBB5GBBhEGBCFBhFBBLGBdCB9DDB8BEB-BBBhCHBM9Z9ZBWBJTBCMBCLBfBBPBB6TDBeBB+hBNBwCBBgBJB0MVBgCDBhBBB8XDBCBBxDwEwEBtBBCfBDLBkNCBFJBDLBRNNjD7C7CjgdBBuICBkDLL0DFB9LDB3CBBpBCBCyByBBwBwBiDMBRBB9DDB-DBBRBB6HzqUzqUBxGxGBIBXiBBCNBCFFCBB2ECBCFBCDBLBBEBBbCBCccCCCBFB7MCB9UxBxB-MoXoXoGgBgBxIIBnBxDxDBFBjCGB6CDByO-J-JjBlElEBDBtBDB+FGBuDBBCDB-DDBxBBBwCDBFOOCCB5CFBsDrJrJBCCBzDzDBDBLBBCpDpD7HWBqDCBdMBtCjEjEBBB9HpIpIBBB8E9C9CBGB0CCBCEB+CJB4GgDgDBDBrBBBmUBBrCMBwFxjBxjBBDB97CBB8zOBBmEiCiCBDBJpRpRBBBoJDBoK9lT9lTovHEB07C-a-aBAB", false)),
		Pc: () => new UnicodeRangeTable(decodeRanges("-Cg-Hg-HBUU-u3BBBZCBwHAB", false)),
		Pd: () => new UnicodeRangeTable(decodeRanges("tB9qB9qB0BiyDiyDmgBqgCqgCBEBiwDDDgBBBFdd-NUUwDxszBxszBBmBmBLqFqFhzD-J-J", false)),
		Pe: () => new UnicodeRangeTable(decodeRanges("pB0B0BgB+1D+1DC-6B-6BqtC4B4BQ7T7TCff-hBMCxChBhBCGC1MUChCCCiBmhBmhBCECtBGCtNICEGCDBB-ozB6G6GeOCESSCCCrF0B0BgBGD", false)),
		Pf: () => new UnicodeRangeTable(decodeRanges("7F+6H+6HEddpuDCCFDDQEE", false)),
		Pi: () => new UnicodeRangeTable(decodeRanges("rFt7Ht7HDBBDaapuDCCFDDQEE", false)),
		Po: () => new UnicodeRangeTable(decodeRanges("hBCBCCBDECBLLBEEBcclCGGPBBI-V-VJzOzOBEBqB3B3BDDDtBBBVBBCBBOCCBBBrCDBnDsBsBBMBqHCB3BOBgBmImIBLLtE5D5D6DnMnMNwLwL7CLLBpFpFBNBCxDxDrCEBFBBwDFBsFlTlTBHBmY9D9DBBBoCBB+ECBCCBmBFBCDB6JBB5GBBhEGBCFBhFBBLGBdCB9DDB8BEB-BBBhCHBMjajaBJJBGBJIBDDBDCBEKBCCCBIB7kDDBCBBxDwEwEBFFBBBDDDBHBCBBCDDBLLBDBCJBDDBCCCBLBDCBtNCB6B+F+FjgdBBuICBkDLL0DFB9LDB3CBBpBCBCyByBBwBwBiDMBRBB9DDB-DBBRBB6HlxUlxUBFBDXXVBBDDBECBCDBICBHCCB2E2EBBBCCBDECBLLBEEBcclBDDB7M7MBBB9UxBxB-MoXoXoGgBgBxIIBnBxDxDBFBjCGB6CDB0ZlElEBDBtBDB+FGBuDBBCDB-DDBxBBBwCDBFOOCCB5CFBsDrJrJBCCBzDzDBDBLBBCpDpD7HWBqDCBdMBtCjEjEBBB9HpIpIBBB8E9C9CBGB0CCBCEB+CJB4GgDgDBDBrBBBmUBBrCMBwFxjBxjBBDB97CBB8zOBBmEiCiCBDBJpRpRBBBoJDBoK9lT9lTovHEB07C-a-aBAB", false)),
		Ps: () => new UnicodeRangeTable(decodeRanges("oBzBzBgB-1D-1DC-6B-6B-rCEEnB4B4BQ7T7TCff-hBMCxChBhBCGC1MUChCCCiBmhBmhBCECaTTCECtNICEGCDipzBipzB4GeeCMCESSCCCrFzBzBgBEEDAB", false)),
		S: () => new UnicodeRangeTable(decodeRanges("kBHHRCBgBCCcCCkBEBCBBDCCBCBDEEfgBgBrODBNNBGGBCCCBPB2DPPBxDxDsErIrIBBB3DCBDDDBvGvGLUUB4H4HIBBpEqLqLBHHB2H2H-DjEjEBGBlEwGwGqBmGmGiGCBQCCBBBDFBVECmEHBCFBCBBGDBmGBBxXJB0WuLuLlL+E+EBgBBiLJBKIBhiBCCBBBMCBOCBOCBOBBmCOOoBCBOCBUhBB-BBBCDBCBBLCCBBBGFBCECFMMBFFBDBGDBC7B7BBFFB2LBFcBD+HBXKByCtCBXnTBtBwBBDeBLyMBX+BBFfBD1LBDpEBmHFBmLBBvBZBC4CBN1GBbPBFOOBNNWBBHBB8CBB0HBBFJBhBlBBKRRBdBMdBJQQBeBLmBBQ-JBhuG-BBx0V2BB6RWBKBBoDBB+EDBLDB+RCBiHPPB+9T+9TpEgBBuLPBhCBB3BHBtBDBjDCCBBBD7E7EHRRBBBgBCCcCCiEGBCGBOBB6JIB6BQBDCBCMBEwBwBBrBB7zBBBwSmWmWBiKiKBGBnjC2kC2kCBbBr6SDBG3qU3qUk7DvHBLCBEzNBHWBQQBgDzDB9B1HBLmBBD7BBGCBXBBIdBF8BBWhCBE7F7FB1CBrbaagBaagBaagBaagBaa9B-PB4BDBzBHBCNBCBBp2BwNwNttCEE+DiOiOBvIvIBqBBFjDBNOBDOBCOBCkBBYgFB5BcBOrBBFIBIBBPFB7E4eBEQBEMBE5GBHLBFQQBKBF3BBJJBHnBBJdBDLBFBBPIBoB3KBJNBDMBEKBE4BBCFFBOBDLBFJBIyEBC7CBLAB", false)),
		Sc: () => new UnicodeRangeTable(decodeRanges("kB+D+DBCBqnB8D8DzPBBzPBBI2H2HoImSmS8sClmClmCBgBB37hBkuVkuVtD7E7E8GBBEBB3-HDB-4wBxtCxtC", false)),
		Sk: () => new UnicodeRangeTable(decodeRanges("+CCCoCHHFEEqQDBNNBGGBCCCBPB2DPPBjoBjoB15FCCBBBMCBOCBOCBOBB9kEBBkzdWBKBBoDBBxePPBniUniUBPB8bCCjF4g9B4g9BBDB", false)),
		Sm: () => new UnicodeRangeTable(decodeRanges("rBRRBBB+BCCuBFFmBgBgB-XwQwQBBB8xGOOoBCBOCBsEoBoBBDBHlClCBDBGBBFGDIgBgBBDDCgBgBBqIBhBBB7CffBXBpBFB2OKK3BHBwDxKxKBDBDeBLPBhIiEBX+BBFfBDhIBxBUBDFB9+zB5Z5ZCCBlFRRBBB+BCCkEHHBCBitDBBhrwBx+Bx+BagBgBagBgBagBgBagBgBat5Ft5FB-uC-uCBHB", false)),
		So: () => new UnicodeRangeTable(decodeRanges("mFDDFCCyerIrIBgEgEBvGvGLUUB4H4HkQ2L2LjEFBClElEwGqBqBoMCBQCCBBBDFBVECmEHBCFBCBBGDBmGBBxXJB0WzWzW+EhBBiLJBKIBksBBBCDBCBBLCCBHHBEBCECFMMBPPCBBC7B7BBKKBDBDDBCBBCBBCGBCeBDBBCCCBdBtIHBFTBDGBDwCBCdBanBBHnCBXKByCtCBX2FBCIBC1BBJuDBC3HBtBrBBhC-HBhQvBBWBBHmBBDpEBmHFBmLBBvBZBC4CBN1GBbPBFOOBNNWBBHBBxKBBFJBhBlBBKRRBdBMdBJQQBeBLmBBQ-JBhuG-BBx0V2BBibDBLBBC+R+RBBBqqUPBuLPBhCBB3BHBuBCBlPEEFBBOBB6JIB6BQBDCBCMBEwBwBBrBB7zBBBwSpgBpgBBGBnjC2kC2kCBGBFQBr6SDBG3qU3qUk7DvHBLCBEzNBHWBQPBhDzDB9B1HBLmBBD7BBGCBXBBIdBF8BBWhCBE7F7FB1CBqlB-PB4BDBzBHBCNBCBBp2B96C96CiEyWyWBqBBFjDBNOBDOBCOBCkBBYgFB5BcBOrBBFIBIBBPFB7E6HBG4WBEQBEMBE5GBHLBFQQBKBF3BBJJBHnBBJdBDLBFBB-B3KBJNBDMBEKBE4BBCFFBOBDLBFJBIyEBC7CBLAB", false)),
		Z: () => new UnicodeRangeTable(decodeRanges("gBgEgEgvFgsCgsCBJBeBBGwBwBh9DAB", false)),
		Zl: () => new UnicodeRangeTable(decodeRanges("ohIA", true)),
		Zp: () => new UnicodeRangeTable(decodeRanges("phIA", true)),
		Zs: () => new UnicodeRangeTable(decodeRanges("gBgEgEgvFgsCgsCBJBlBwBwBh9DAB", false)),
		ASCII_Hex_Digit: () => new UnicodeRangeTable(decodeRanges("wBJIFbF", true)),
		Alphabetic: () => new UnicodeRangeTable(decodeRanges("hCZBHZBwBLLFGGBVBCeBCpOBFLBPEBICC3CeeBQBCBBDDBCHHCCBCCCBSBCyCBCqEBJlFBClBBDHHBnBBoBNBCCCBCCBCCJaBFDBeKBG3BBCGBPlDBCHBFHBFCBLCBDRRBuBBOkDBZgBBKBBFGGBWBDSBUYBIKBGXBCGBIJJBoBBLLBEGBHrCBCPBCCBFOBOSBCHBDBBDVBCGBCEEBCBEHBDBBDBBCJJFBBCEBNBBLFFBBBCFBFBBDVBCGBCBBCBBCBBFEBFBBDBBFIIBCBCSSBEBMCBCIBCCBCVBCGBCBBCEBEIBCCBCBBEQQBCBWDBFCBCHBDBBDVBCGBCBBCEBEHBDBBDBBKBBFBBCEBORRBCCBEBECBCDBEBBCCCBEEBEEBBBELBFEBECBCCBEHHpBMBCCBCWBCPBEHBCCBCCBJBBCCBCBBDDBdDBCHBCCBCWBCJBCEBEHBCCBCCBJBBGCBCDBOCBNMBCCBCoBBDHBCCBCCBCGGBCBIEBXFBCCBCRBEXBCIBCDDBFBJFBCCCBGBTBBO5BBGGBH0B0BBECBDBCXBCCCBRBCCBDEBCHHPDBhBgCgCBGBCjBBFSBFPBCjBBkC2BBCDDBDBR-BBLDBDlBBCGGDqBBCsKBCDBDGBCCCBCBDoBBCDBDgBBCDBDGBCCCBCBDOBC4BBCDBDiCBmBPBR1CBDFBErTBDQBCZBGqCBEKBITBMUBNTBNMBCCBCBBNzBBDSBPFFkC4CBIqBBGlCBLeBCLBFIBYdBDEBMrBBFZB3BbBF+BBDTBzBYYBMMBBByBzBBCOBCHB0BpBBDDBLrBBCKBP2BBXCBLjBBDKBGqBBDCBqBDBCFBCBBEGGB+FBUhBBM1IBDFBDlBBDFBDHBCGCBdBD0BBCGBCEEBBBCGBEDBDFBFMBGCBCGB1DOORMBmDFFDJBCEEBDBHGCBCBCKBDDBGEBFSSBnBBuZzBB34BkHBHDBEBBNlBBCGGD3BBIRRBVBKGBCGBCGBCGBCGBCGBCGBCGBCfBwB2O2OBBBaIBIEBDEBF1CBHCBC5CBCDBGqBBC9CBSfBxBPBhQ-tGBhCs0VBkCtBBDsIBEPBLBBVuBBGHBEwDBoBIBDmDBDxCBVUBCgBBZzBBNjCBCtBtBBEBECCBBBLgBBGiBBOcBEyBBCLBQRRBOBLEBC2BBKNBTWBEkCBCCCZCBDPBDDBMFBDFBDFBKGBCGBCqBBCNBH6DBWj9KBNWBFwBBloItLBDpDBnBGBNEBGLBCMBCEBCCCBCCBCCBqDBiBqLBT-BBD1BBpBLB1DEBCmEBlBZBHZBM4CBEFBDFBDFBDCBkBLBCZBCSBCBBCOBDNBjB6DBmC0BBsIcBEwBBwBfBOdBGqBBGdBDjBBFHBCEBrB9EBTjBBFjBBFnBBJzBBNKBCOBCGBCBBCKBCOBCGBCBBEzBBN2JBKVBLHBZFBCpBBCIBmCFBDCCBqBBCBBEDDBVBLWBKeBiCSBCBBLVBLZBHZBnB3BBHBBhCDBCBBGHBCCBCcBrBcBEcBkBHBCbBc1BBLVBLSBORBvDoCB4ByBBOyBBOnBBjBbBEGGBVB7HpBBCBBEBBRFBzBCBEcBLJJBUBrBRBvBUBcWBKlCBsBEBL4BBKOOBXBYyBBSDBJiBBEKKB+BBCDBKBBLCCkBRBChBBDHHBCB-BGBCCCBCBCOBCJBI4BBYDBCHBDBBDVBCGBCBBCEBEHBDBBDBBEHHGGBdJBCDDClBBCJBCDDCDBCBBECCtBhCBCCBCDBVCBfhCBDBBC5F5FB0BBDGBaFBjB+BBCEE8B1BBDoCoCBZBDNBWGB6F4BBoD-BBgBHBDDDBGBCBBCdBCBBDBBDDB+CHBDtBBDFBCCCBccBxBBDJBSnCBGTTBnCBoDHB5CgBBgBIBCsBBCGBCyByBBcBDVBCNBqCGBCBBCrBBECCBCCBBBCDDBZZBEBCBBCkBBCBBCDBCYYBqBBlIWBKQBCoBBECBwDwCwCB4cBnDuDBSjGBtyCgDBQvhBBSFBa68DBGmSB61GuBBy2B4RBIeBSuCBSdBTvBBRDBgBUBGSBxNsBB0G-BBhBYBDYBtBqCBF4BBIQBhCBBCNNBFBK1mHBqBfBiDyDB+vIDBCGBCBBCiJBQeeBBBDPPBCBJrMBloCqDBGMBEIBIJBFi7Fi7FBzCBCmCBCBBDDDBDDBCBCLBCCCBFBCgCBCDBDHBCGBCbBCDBCEBCEEBFBCzKBDYBCYBCeBCYBCeBCYBCeBCYBCeBCYBCHB15BeBHFB2GGBCQBDGBCBBCEBG9BBiBxDxDBrBBLGBRiKiKBcBTrBBlPbBlHdBDwGwGBdBCVBJBBhHGBCDBCBBCOBCkGB8BjCBEEE1lBDBCaBCBBCDDCJBCDBCCCHFFCECBBBCBBCDDCICBCCDDBCGBCDBCDBCCCBIBCQBGCBCEBCQB1TZBHZBHZB3zD-2pBBhB9oEBDt0FBDwpHBQtTBjtC9QBjvBq6EBGppIB", false)),
		Dash: () => new UnicodeRangeTable(decodeRanges("tB9qB9qB0BiyDiyDmgBqgCqgCBEB+BoBoBQnMnMlgDDDgBBBFdd-NUUwDxszBxszBBmBmBLqFqFhzD-J-J", false)),
		Emoji: () => new UnicodeRangeTable(decodeRanges("jBHHGJBwDFFu8HNN5GXX7CFBQBBwLBBNnFnFaKBFCBoGoHoHBLLK7B7BBCBCEBKGDBDDFDDCBBDIEBJJBBBGCCGLBMBBDCCBCCTDDBTTBEBCCCBEEBGGDBBFBBMBBGBBDGGBECBVVBGGBEBCDBDFFDDDBEBCDDCCCHEEHLLBQQDFFCFFBBBCMMBxBxBBBBKeP1LBBwOCBUBB0BFF7mBNN6SCCrrvDrGrGhFBBNBBPDDBIBsCZBCBBYVVDIBWBBvFhBBDvDBDBBCCBDyCBDCBCmIBC+BBMFBCXBIBBDHBNDDBCBDFFBOOBDDJBBKGGBBBNCBJCBDCCFHHEHHB0CBxBlCBGHBDDBEJBECCBEEDJBkHLBF8I8IBtBBCJBC4FBxDMBEKBE4BBCFFBOBDLBFJB", false)),
		Emoji_Component: () => new UnicodeRangeTable(decodeRanges("jBHHGJB0+H2G2Gsp3B3+8B3+8BBYB8PEBxtBDBtzhY-CB", false)),
		Emoji_Modifier: () => new UnicodeRangeTable(decodeRanges("7-8DE", true)),
		Emoji_Modifier_Base: () => new UnicodeRangeTable(decodeRanges("9wJ8G8GRDB4jzD9B9BBBBDDDBBB2DBBDKBWSBEFFBBBCCBICCZqGqGBFFWFFBvFvFBBBEEB0CRRBBBKMMgSDDJHBHKKBIBDCB5B+B+BBCCBCCSCBCMBmHCBrBIB", false)),
		Emoji_Presentation: () => new UnicodeRangeTable(decodeRanges("64IBBuGDBEDDqQBBWBBzBLBsBUUOJJBSSBGGBJJGWWIBBCFFDIIFBBdkBkBCFFBBBC+B+BBBBZPP8aBB0BFFvlxDrGrG-FDDBIBsCZBCZZVDDBDBCCBWBBvFgBBNIBClCBCVBNqBBFEBNQBEEEBlCBCCCB5FBD+BBODBCXBTbbBOO3C0CBxBlCBHEEBBBDDBEDBMBBIIBkHLBF8I8IBtBBCJBC4FBxDMBEKBE4BBCFFBOBDLBFJB", false)),
		Extended_Pictographic: () => new UnicodeRangeTable(decodeRanges("pFFFu8HNN5GXX7CFBQBBwLBBNnFnFaKBFCBoGoHoHBLLK7B7BBCBCEBKGDBDDFDDCBBDIEBJJBBBGCCGLBMBBDCCBCCTDDBTTBEBCCCBEEBGGDBBFBBMBBGBBDGGBECBVVBGGBEBCDBDFFDDDBEBCDDCCCHEEHLLBQQDFFCFFBBBCMMBxBxBBBBKeP1LBBwOCBUBB0BFF7mBNN6SCCrrvDoBoBBCBlDLBQBBQPPBmBmBBIBxDBBNBBPDDBIBU3BBcOBLVVDIBCDBKWBH7FBDvDBDBBCCBDyCBDCBCDBG9HBC+BBMFBCXBIBBDHBNDDBCBDFFBOOBDDJBBKGGBBBNCBJCBDCCFHHEHHB0CBxBlCBGHBDQBECCBEBDMB7GlBBNDB5BHBLFBpBHBfBBNDBDNBKmBBNuBBCJBC4FB5CHBPxEBhI9fB", false)),
		Hex_Digit: () => new UnicodeRangeTable(decodeRanges("wBJIFbFq1-BJIFbF", true)),
		Lowercase: () => new UnicodeRangeTable(decodeRanges("hDZBwBLLFlBlBBWBCHBC2BCBQCBuBCDECBBBDCCDEEBFFDEEBBBDDDCCCDCCBCCDEECDDBDDBBBHGDCOCBSCBDDCEEC4BCBFBDDDBCCFICBjCBDiBBIBBfEBhDsBsBCEEDDBTccBhBBCBBECBCWCBDBCGDB0B0BBuBBCgBCK0BCDMCBgDCxBoBBo6CqBBCDB5XFBjkCIBC2D2DB+FBiC0ECBHBCgDCBHBJFBLHBJHBJFBLHBJHBJNBDHBJHBJHBJEBCBBHEEBBBCBBJDBDBBJHBLCBCBB6DOORMBuDEEBEEcKFDBBJDBFiBiBBOBFsasaBYBn6BvBBCEEBGCFCCBCCBGBEiDCBIICFFNlBBCGG0oesBCUaCBBBmEMCBBBC8BCBIBCCCDICFCCDCCBBBCSCGGGCMCFCCDOCWDBCCCBBB2ZqBBCNBHvCBh6TGBNEBqhBZBumBnBBpEjBB8EKBCOBCGBCBBkODDBBBCpBBCIBmoByBB+DVB75CfBhsVfB8BYBnqZZBbGBCRBbZBbDBCCCBFBCKBbZBbZBbZBbZBbZBbZBbZBbZBbbBdYBCFBbYBCFBbYBCFBbYBCFBbYBCFBC15B15BBIBCTBHFBmI9BB1lChBB", false)),
		Math: () => new UnicodeRangeTable(decodeRanges("rBRRBBBgBeeCuBuBFmBmBgB5W5WBBBDbbBDDBBBwQCBuwGccBBBMEEOPPBCBWEBMEBiCMBFEEBFFBDBTFFDJBCDDBEBHEEBDDBCCBBBCFBENBClClCBWBCFBCBBFBBFfBCHHBPPBqIBJDBVBB7CffBZBCZZMGB+NBBNJBFFBFBBDBBEEBPCCDFBMHBGBB6BCCeDBKCBxK-BBhI-PBxBUBDFB9+zB4Z4ZBEBCjFjFRCBeCCeCCkEHHBCBitDBBhrwBwoBwoBBzCBCmCBCBBDDDBDDBCBCLBCCCBFBCgCBCDBDHBCGBCbBCDBCEBCEEBFBCzKBDjJBDxBBhwFDBCaBCBBCDDCJBCDBCCCHFFCECBBBCBBCDDCICBCCDDBCGBCDBCDBCCCBIBCQBGCBCEBCQB1BBB-uCIB", false)),
		Quotation_Mark: () => new UnicodeRangeTable(decodeRanges("iBFFkEQQ96HHBaBBowDqOqOBCBOCBixzBDB+FFF7CBB", false)),
		Terminal_Punctuation: () => new UnicodeRangeTable(decodeRanges("hBLLCMMBEE-ZJJiQ6B6BpCPPCCB1FsBsBBJBCsHsHB3B3BBEBCHBgBmImIB1nB1nBBtFtFFFB4JBB2YHBmY9D9DBBBoCBB+ECBEoBoBBCBDBB7JBBjLDBjFBBLBBCCBeCB8FEB-BBBldYYBKKBBBwlDCBzJOOFLLCBBEBBtNBB8ndBBuICBkHEB-LBB3CBBgD4E4EBBB0ECBgERRB6H6HnxUDDB6B6BBBBCDBqFLLCMMBEEiCDD7hBxBxBnkBoGoG3JBB5EFBlCFB6CDB5dEBtBDB+FGBxDDBgECBiEBBHRRB5C5CBDBtDrJrJB2D2DBBBNBBnLDBEOBqDBB6HCBmQCC8HBB4CBBFBB-MCBuBmUmUBrCrCBspBspBBDB6vRBBmEiCiCBBBLqRqRBoJoJBnwTnwTovHDB", false)),
		Uppercase: () => new UnicodeRangeTable(decodeRanges("hCZBmDWBCGBiB2BCDOCDuBCBECEBBCCCBCCBBBDDBCBBCCBEBBCBBCECBCCDCCBCCBBBCCCBEEIJDCMCDQCDDDCCBC4BCIBBCBBDCCBCBCGCiJCCEJJHCCBBBCCCBCCBPBCIBkBDDBBBEWCGDDCBBDyBBxBgBCK2BCBMCD+CCDlBBq6ClBBCGGzW1CB0kCHHBpBBDCBhK0ECKgDCKHBJFBLHBJHBJFBMGCJHBpCDBNDBNDBNEBMDBnIFFECBDCBDEEBDBHGCBCBDDBLBBGbbBOBUzZzZBYBx5BvBBxBCCBBBDGCBCBCDDJCBCgDCJCCFuqeuqeCqBCUaCoEMCE8BCLECBICFCCDCCEUCBDBCEBCOCBCBCCCBQCZs5Vs5VBYBmmBnBBpEjBB9EKBCOBCGBCBBr3ByBB+EVB75CfBhsVfBhCYBoqZZBbZBbZBbCCBGDBDDBCBCHBbZBbBBCDBDHBCGBcBBCDBCEBCEEBFBcZBbZBbZBbZBbZBbZBfYBiBYBiBYBiBYBiBYBiB2pE2pEBgBBvgCZBHZBHZB", false)),
		White_Space: () => new UnicodeRangeTable(decodeRanges("JEBTlDlDbgvFgvFgsCKBeBBGwBwBh9DAB", false))
	});
	static SCRIPTS = new LazyMap({
		Adlam: () => new UnicodeRangeTable(decodeRanges("go6DrCFJFB", true)),
		Ahom: () => new UnicodeRangeTable(decodeRanges("g4lCaDOFW", true)),
		Anatolian_Hieroglyphs: () => new UnicodeRangeTable(decodeRanges("ggxCmS", true)),
		Arabic: () => new UnicodeRangeTable(decodeRanges("gwBEBCFBCNBCCBCfBCJBMZBCrDBChBBxCvBBxHhBBGqCBCcBxy8BtPBDvEBhBPBxDEBCmEBk7DeBkCFBJIBiBFBh43BDBCaBCBBCDDCJBCDBCCCHFFCECBBBCBBCDDCICBCCDDBCGBCDBCDBCCCBIBCQBGCBCEBCQB1BBB", false)),
		Armenian: () => new UnicodeRangeTable(decodeRanges("xpBlBDxBDCks9BE", true)),
		Avestan: () => new UnicodeRangeTable(decodeRanges("g4iC1BEG", true)),
		Balinese: () => new UnicodeRangeTable(decodeRanges("g4GsCCxB", true)),
		Bamum: () => new UnicodeRangeTable(decodeRanges("g1pB3CpowB4R", true)),
		Bassa_Vah: () => new UnicodeRangeTable(decodeRanges("w26CdDF", true)),
		Batak: () => new UnicodeRangeTable(decodeRanges("g+GzBJD", true)),
		Bengali: () => new UnicodeRangeTable(decodeRanges("gsCDBCHBDBBDVBCGBCEEBCBDIBDBBDDBJFFBCCBDBDYB", false)),
		Beria_Erfe: () => new UnicodeRangeTable(decodeRanges("g17CYDY", true)),
		Bhaiksuki: () => new UnicodeRangeTable(decodeRanges("ggnCICsBCNLc", true)),
		Bopomofo: () => new UnicodeRangeTable(decodeRanges("qXB6wLqBxDf", true)),
		Brahmi: () => new UnicodeRangeTable(decodeRanges("ggkCtCFjBKA", true)),
		Braille: () => new UnicodeRangeTable(decodeRanges("ggK-H", true)),
		Buginese: () => new UnicodeRangeTable(decodeRanges("gwGbDB", true)),
		Buhid: () => new UnicodeRangeTable(decodeRanges("g6FT", true)),
		Canadian_Aboriginal: () => new UnicodeRangeTable(decodeRanges("ggF-TxRlC7tgCP", true)),
		Carian: () => new UnicodeRangeTable(decodeRanges("g1gCwB", true)),
		Caucasian_Albanian: () => new UnicodeRangeTable(decodeRanges("wphCzBMA", true)),
		Chakma: () => new UnicodeRangeTable(decodeRanges("gokC0BCR", true)),
		Cham: () => new UnicodeRangeTable(decodeRanges("gwqB2BKNDJDD", true)),
		Cherokee: () => new UnicodeRangeTable(decodeRanges("g9E1CDFz7lBvC", true)),
		Chorasmian: () => new UnicodeRangeTable(decodeRanges("w9jCb", true)),
		Common: () => new UnicodeRangeTable(decodeRanges("AgCBbFBbuBBCOBCEBYgBgBiOmBBGEBDTB1DKKHCC+THHPEEhB9E9ElQiEiEB6mB6mB2MDBjJwvBwvBBBBoCBBsGBBCumBumBOIIBCBCFBCCBDmYmYBKBD2CBCKBEKBCOBShBB-BlBBCCBDFBCaBCQBqBCBF5UBXKBW-cBhIzTBDpEBhQ9CBzMUBCCCBXBQHBFDB8CBBE7C7CB0E0EBOBhBlBBKxBxBB+BBgBwCBwB5C5CBmFBhuG-BBhoWhBBnDCBmFJB1HhFhFsMPPBzuUzuUBxGxGBIBXiBBCSBCDB0ECCBeBbFBbKBLuBuBBhChCBFBCGBLEBjICBFsBBEIBxCMB0BsBBlHaBltuBDB96D8HBEzNBHWBQQBgDzDB9B1HBLmBBD9BBEQBJBBIdBF8BB2GTBNTBN2CBKYBoE0CBCmCBCBBDDDBDDBCBCLBCCCBFBCgCBCDBDHBCGBCbBCDBCEBCEEBFBCzKBDjJBDxBByjFjCBtC8BBjWrBBFjDBNOBDOBCOBCkBBLtFB5BZBCBBOrBBFIBIBBPFB7E4eBEQBEMBE5GBHLBFQQBKBF3BBJJBHnBBJdBDLBFBBPIBoB3KBJNBDMBEKBE4BBCFFBOBDLBFJBIyEBCmDBnghYffB+CB", false)),
		Coptic: () => new UnicodeRangeTable(decodeRanges("ifNxkKzDGG", true)),
		Cuneiform: () => new UnicodeRangeTable(decodeRanges("ggoC5cnDuDCEMjG", true)),
		Cypriot: () => new UnicodeRangeTable(decodeRanges("ggiCFBDCCBqBBCBBEDD", false)),
		Cypro_Minoan: () => new UnicodeRangeTable(decodeRanges("w8rCiD", true)),
		Cyrillic: () => new UnicodeRangeTable(decodeRanges("ggBkEBDoFBx6FKBhFtCtCojEfBhie-CBv8VBBhw4B9BBiBAB", false)),
		Deseret: () => new UnicodeRangeTable(decodeRanges("gghCvC", true)),
		Devanagari: () => new UnicodeRangeTable(decodeRanges("goCwCFODZh7nBfhwcJ", true)),
		Dives_Akuru: () => new UnicodeRangeTable(decodeRanges("gomCGBDDDBGBCBBCdBCBBDLBKJB", false)),
		Dogra: () => new UnicodeRangeTable(decodeRanges("ggmC7B", true)),
		Duployan: () => new UnicodeRangeTable(decodeRanges("ggvDqDGMEIIJDD", true)),
		Egyptian_Hieroglyphs: () => new UnicodeRangeTable(decodeRanges("ggsC1iBL68D", true)),
		Elbasan: () => new UnicodeRangeTable(decodeRanges("gohCnB", true)),
		Elymaic: () => new UnicodeRangeTable(decodeRanges("g-jCW", true)),
		Ethiopic: () => new UnicodeRangeTable(decodeRanges("gwEoCBCDBDGBCCCBCBDoBBCDBDgBBCDBDGBCCCBCBDOBC4BBCDBDiCBDfBEZBnvGWBKGBCGBCGBCGBCGBCGBCGBCGBjpfFBDFBDFBKGBCGBylvCGBCDBCBBCOB", false)),
		Garay: () => new UnicodeRangeTable(decodeRanges("gqjClBEcJB", true)),
		Georgian: () => new UnicodeRangeTable(decodeRanges("glElBBCGGDqBBCDBx8CqBBDCBhiElBBCGG", false)),
		Glagolitic: () => new UnicodeRangeTable(decodeRanges("ggL-Ch9sDGCQDGCBCE", true)),
		Gothic: () => new UnicodeRangeTable(decodeRanges("w5gCa", true)),
		Grantha: () => new UnicodeRangeTable(decodeRanges("g4kCDBCHBDBBDVBCGBCBBCEBDIBDBBDCBDHHGGBDGBEEB", false)),
		Greek: () => new UnicodeRangeTable(decodeRanges("wbDBCCBDDBCFFCCCBBBCCCBSBC+BBPPBnpGEBzBEBFEB1ChKhKBUBDFBDlBBDFBDHBCGCBdBD0BBCOBCNBDFBCSBDCBCIBoJ-xiB-xiB7uVuCBSgj0Bgj0BBkCB", false)),
		Gujarati: () => new UnicodeRangeTable(decodeRanges("h0CCBCIBCCBCVBCGBCBBCEBDJBCCBCCBDQQBCBDLBIGB", false)),
		Gunjala_Gondi: () => new UnicodeRangeTable(decodeRanges("grnCFCBCkBCBCFIJ", true)),
		Gurmukhi: () => new UnicodeRangeTable(decodeRanges("hwCCBCFBFBBDVBCGBCBBCBBCBBDCCBDBFBBDCBEIIBCBCIIBPB", false)),
		Gurung_Khema: () => new UnicodeRangeTable(decodeRanges("go4C5B", true)),
		Han: () => new UnicodeRangeTable(decodeRanges("g0LZBC4CBN1GBwBCCaIBPDBle-tGBhC-vUBhoWtLBDpDBpodBBNGBqgkB-2pBBhB9oEBDt0FBDwpHBQtTBjtC9QBjvBq6EBGppIB", false)),
		Hangul: () => new UnicodeRangeTable(decodeRanges("goE-HvxHBiI9CyDeiCei3dckUj9KNWFwBl9JeEFDFDFDC", true)),
		Hanifi_Rohingya: () => new UnicodeRangeTable(decodeRanges("gojCnBJJ", true)),
		Hanunoo: () => new UnicodeRangeTable(decodeRanges("g5FU", true)),
		Hatran: () => new UnicodeRangeTable(decodeRanges("gniCSCBGE", true)),
		Hebrew: () => new UnicodeRangeTable(decodeRanges("xsB2BBJaBFFBpp9BZBCEBCCCBCCBCCBIB", false)),
		Hiragana: () => new UnicodeRangeTable(decodeRanges("hiM1CBHCBi7-C+IBTeeBBBulQAB", false)),
		Imperial_Aramaic: () => new UnicodeRangeTable(decodeRanges("giiCVCI", true)),
		Inherited: () => new UnicodeRangeTable(decodeRanges("gYvDB2IBBlOKBbhXhXBCB8qEtBBDLBlPCBCMBCGBFHHEBBnG-BBtQBBjGgBB65DDBsDBBmrzBPBRNBwejHjH7iEl+uBl+uBBsBBDWBhRCBSHBDGBfDBz6rYvHB", false)),
		Inscriptional_Pahlavi: () => new UnicodeRangeTable(decodeRanges("g7iCSGH", true)),
		Inscriptional_Parthian: () => new UnicodeRangeTable(decodeRanges("g6iCVDH", true)),
		Javanese: () => new UnicodeRangeTable(decodeRanges("gsqBtCDJFB", true)),
		Kaithi: () => new UnicodeRangeTable(decodeRanges("gkkCiCLA", true)),
		Kannada: () => new UnicodeRangeTable(decodeRanges("gkDMCCCWCJCEDICCCDIBGCCDDJCC", true)),
		Katakana: () => new UnicodeRangeTable(decodeRanges("hlM5CBDCBxHPBxGuBBC3CBvgzBJBCsBBzisBDBCGBCBBCgJgJBBBzBPPBCB", false)),
		Kawi: () => new UnicodeRangeTable(decodeRanges("g4nCQCoBEc", true)),
		Kayah_Li: () => new UnicodeRangeTable(decodeRanges("goqBtBCA", true)),
		Kharoshthi: () => new UnicodeRangeTable(decodeRanges("gwiCDCBGHCCCcDCFJII", true)),
		Khitan_Small_Script: () => new UnicodeRangeTable(decodeRanges("k-7C84G84GB0OBqBAB", false)),
		Khmer: () => new UnicodeRangeTable(decodeRanges("g8F9CDJHJnPf", true)),
		Khojki: () => new UnicodeRangeTable(decodeRanges("gwkCRCuB", true)),
		Khudawadi: () => new UnicodeRangeTable(decodeRanges("w1kC6BGJ", true)),
		Kirat_Rai: () => new UnicodeRangeTable(decodeRanges("gq7C5B", true)),
		Lao: () => new UnicodeRangeTable(decodeRanges("h0DBBCCCBDBCXBCCCBVBDEBCCCBFBCJBDDB", false)),
		Latin: () => new UnicodeRangeTable(decodeRanges("hCZBHZBwBQQGWBCeBCgOBoBEB8wGlBBHwBBGDBGMBClCBiC-HByLOORMBuEBBHccSoBB42CfBj1elDBExCBVOBxZqBBCIBCDB38TGB7gBZBHZBmhCFBCpBBCIBm61BeBHFB", false)),
		Lepcha: () => new UnicodeRangeTable(decodeRanges("ggH3BEOEC", true)),
		Limbu: () => new UnicodeRangeTable(decodeRanges("goGeBCLBFLBFEEBKB", false)),
		Linear_A: () => new UnicodeRangeTable(decodeRanges("gwhC2JKVLH", true)),
		Linear_B: () => new UnicodeRangeTable(decodeRanges("gggCLCZCSCBCODNjB6D", true)),
		Lisu: () => new UnicodeRangeTable(decodeRanges("wmpBvBx1eA", true)),
		Lycian: () => new UnicodeRangeTable(decodeRanges("g0gCc", true)),
		Lydian: () => new UnicodeRangeTable(decodeRanges("gpiCZGA", true)),
		Mahajani: () => new UnicodeRangeTable(decodeRanges("wqkCmB", true)),
		Makasar: () => new UnicodeRangeTable(decodeRanges("g3nCY", true)),
		Malayalam: () => new UnicodeRangeTable(decodeRanges("goDMCCCyBCCCFFPDZ", true)),
		Mandaic: () => new UnicodeRangeTable(decodeRanges("giCbDA", true)),
		Manichaean: () => new UnicodeRangeTable(decodeRanges("g2iCmBFL", true)),
		Marchen: () => new UnicodeRangeTable(decodeRanges("wjnCfDVCN", true)),
		Masaram_Gondi: () => new UnicodeRangeTable(decodeRanges("gonCGBCBBCrBBECCBCCBHBJJB", false)),
		Medefaidrin: () => new UnicodeRangeTable(decodeRanges("gy7C6C", true)),
		Meetei_Mayek: () => new UnicodeRangeTable(decodeRanges("g3qBWqGtBDJ", true)),
		Mende_Kikakui: () => new UnicodeRangeTable(decodeRanges("gg6DkGDP", true)),
		Meroitic_Cursive: () => new UnicodeRangeTable(decodeRanges("gtiCXFTDtB", true)),
		Meroitic_Hieroglyphs: () => new UnicodeRangeTable(decodeRanges("gsiCf", true)),
		Miao: () => new UnicodeRangeTable(decodeRanges("g47CqCF4BIQ", true)),
		Modi: () => new UnicodeRangeTable(decodeRanges("gwlCkCMJ", true)),
		Mongolian: () => new UnicodeRangeTable(decodeRanges("ggGBBDCCBSBH4CBIqBB2t-BMB", false)),
		Mro: () => new UnicodeRangeTable(decodeRanges("gy6CeCJFB", true)),
		Multani: () => new UnicodeRangeTable(decodeRanges("g0kCGBCCCBCBCOBCKB", false)),
		Myanmar: () => new UnicodeRangeTable(decodeRanges("ggE-EhqmBeiDfxibT", true)),
		Nabataean: () => new UnicodeRangeTable(decodeRanges("gkiCeJI", true)),
		Nag_Mundari: () => new UnicodeRangeTable(decodeRanges("wm5DpB", true)),
		Nandinagari: () => new UnicodeRangeTable(decodeRanges("gtmCHDtBDK", true)),
		New_Tai_Lue: () => new UnicodeRangeTable(decodeRanges("gsGrBFZHKEB", true)),
		Newa: () => new UnicodeRangeTable(decodeRanges("gglC7CCE", true)),
		Nko: () => new UnicodeRangeTable(decodeRanges("g+B6BDC", true)),
		Nushu: () => new UnicodeRangeTable(decodeRanges("h-7CvsQvsQBqMB", false)),
		Nyiakeng_Puachue_Hmong: () => new UnicodeRangeTable(decodeRanges("go4DsBENDJFB", true)),
		Ogham: () => new UnicodeRangeTable(decodeRanges("g0Fc", true)),
		Ol_Chiki: () => new UnicodeRangeTable(decodeRanges("wiHvB", true)),
		Ol_Onal: () => new UnicodeRangeTable(decodeRanges("wu5DqBFA", true)),
		Old_Hungarian: () => new UnicodeRangeTable(decodeRanges("gkjCyBOyBIF", true)),
		Old_Italic: () => new UnicodeRangeTable(decodeRanges("g4gCjBKC", true)),
		Old_North_Arabian: () => new UnicodeRangeTable(decodeRanges("g0iCf", true)),
		Old_Permic: () => new UnicodeRangeTable(decodeRanges("w6gCqB", true)),
		Old_Persian: () => new UnicodeRangeTable(decodeRanges("g9gCjBFN", true)),
		Old_Sogdian: () => new UnicodeRangeTable(decodeRanges("g4jCnB", true)),
		Old_South_Arabian: () => new UnicodeRangeTable(decodeRanges("gziCf", true)),
		Old_Turkic: () => new UnicodeRangeTable(decodeRanges("ggjCoC", true)),
		Old_Uyghur: () => new UnicodeRangeTable(decodeRanges("w7jCZ", true)),
		Oriya: () => new UnicodeRangeTable(decodeRanges("h4CCCHDBDVCGCBCEDIDBDCICFBCEDR", true)),
		Osage: () => new UnicodeRangeTable(decodeRanges("wlhCjBFjB", true)),
		Osmanya: () => new UnicodeRangeTable(decodeRanges("gkhCdDJ", true)),
		Pahawh_Hmong: () => new UnicodeRangeTable(decodeRanges("g46ClCLJCGCUGS", true)),
		Palmyrene: () => new UnicodeRangeTable(decodeRanges("gjiCf", true)),
		Pau_Cin_Hau: () => new UnicodeRangeTable(decodeRanges("g2mC4B", true)),
		Phags_Pa: () => new UnicodeRangeTable(decodeRanges("giqB3B", true)),
		Phoenician: () => new UnicodeRangeTable(decodeRanges("goiCbEA", true)),
		Psalter_Pahlavi: () => new UnicodeRangeTable(decodeRanges("g8iCRIDNG", true)),
		Rejang: () => new UnicodeRangeTable(decodeRanges("wpqBjBMA", true)),
		Runic: () => new UnicodeRangeTable(decodeRanges("g1FqCEK", true)),
		Samaritan: () => new UnicodeRangeTable(decodeRanges("ggCtBDO", true)),
		Saurashtra: () => new UnicodeRangeTable(decodeRanges("gkqBlCJL", true)),
		Sharada: () => new UnicodeRangeTable(decodeRanges("gskC-ChsCH", true)),
		Shavian: () => new UnicodeRangeTable(decodeRanges("wihCvB", true)),
		Siddham: () => new UnicodeRangeTable(decodeRanges("gslC1BDlB", true)),
		Sidetic: () => new UnicodeRangeTable(decodeRanges("gqiCZ", true)),
		SignWriting: () => new UnicodeRangeTable(decodeRanges("gg2DrUQECO", true)),
		Sinhala: () => new UnicodeRangeTable(decodeRanges("hsDCBCRBEXBCIBCDDBFBEFFBEBCCCBGBHJBDCBt-gCTB", false)),
		Sogdian: () => new UnicodeRangeTable(decodeRanges("w5jCpB", true)),
		Sora_Sompeng: () => new UnicodeRangeTable(decodeRanges("wmkCYIJ", true)),
		Soyombo: () => new UnicodeRangeTable(decodeRanges("wymCyC", true)),
		Sundanese: () => new UnicodeRangeTable(decodeRanges("g8G-BhIH", true)),
		Sunuwar: () => new UnicodeRangeTable(decodeRanges("g+mChBPJ", true)),
		Syloti_Nagri: () => new UnicodeRangeTable(decodeRanges("ggqBsB", true)),
		Syriac: () => new UnicodeRangeTable(decodeRanges("g4BNC7BDCxIK", true)),
		Tagalog: () => new UnicodeRangeTable(decodeRanges("g4FVKA", true)),
		Tagbanwa: () => new UnicodeRangeTable(decodeRanges("g7FMCCCB", true)),
		Tai_Le: () => new UnicodeRangeTable(decodeRanges("wqGdDE", true)),
		Tai_Tham: () => new UnicodeRangeTable(decodeRanges("gxG+BCcDKHJHN", true)),
		Tai_Viet: () => new UnicodeRangeTable(decodeRanges("g0qBiCZE", true)),
		Tai_Yo: () => new UnicodeRangeTable(decodeRanges("g25DeCVJB", true)),
		Takri: () => new UnicodeRangeTable(decodeRanges("g0lC5BHJ", true)),
		Tamil: () => new UnicodeRangeTable(decodeRanges("i8CBBCFBECBCDBEBBCCCBEEBEEBBBELBFEBECBCDBDHHPUBm+kCxBBOAB", false)),
		Tangsa: () => new UnicodeRangeTable(decodeRanges("wz6CuCCJ", true)),
		Tangut: () => new UnicodeRangeTable(decodeRanges("g-7CgBgBB+3GBhQeBiDyDB", false)),
		Telugu: () => new UnicodeRangeTable(decodeRanges("ggDMCCCWCPDICCCDIBCCCBDDDJII", true)),
		Thaana: () => new UnicodeRangeTable(decodeRanges("g8BxB", true)),
		Thai: () => new UnicodeRangeTable(decodeRanges("hwD5BGb", true)),
		Tibetan: () => new UnicodeRangeTable(decodeRanges("g4DnCCjBFmBCjBCOCGFB", true)),
		Tifinagh: () => new UnicodeRangeTable(decodeRanges("wpL3BIBPA", true)),
		Tirhuta: () => new UnicodeRangeTable(decodeRanges("gklCnCJJ", true)),
		Todhri: () => new UnicodeRangeTable(decodeRanges("guhCzB", true)),
		Tolong_Siki: () => new UnicodeRangeTable(decodeRanges("wtnCrBFJ", true)),
		Toto: () => new UnicodeRangeTable(decodeRanges("w04De", true)),
		Tulu_Tigalari: () => new UnicodeRangeTable(decodeRanges("g8kCJBCDDClBBCJBCDDCDBCJBCBBJBB", false)),
		Ugaritic: () => new UnicodeRangeTable(decodeRanges("g8gCdCA", true)),
		Unknown: () => new UnicodeRangeTable(decodeRanges("4bBBHDBICCVuMuMnBBBzBBBE4B4BBGBcDBHKBvI9B9BBmDmDBMB8BBByBBBQddBCCMEBjBEBuHJJBDDBXXICCBBBFBBKBBDBBFHBCDBDGGBaaBEEHDBDBBXIIDGDBCCGDBDBBECBCGBFCCBFBSJBEKKEXXIDDGBBLIEBCCBNBFBBNGBIEEJBBDBBXIIDGGBKKBDDBEEBFBEDBDGGBTTBIBDHHBBBEFFBBBDCCDCBDCBECBNDBGCBEFFBCCBEBCNBWEBOEEYRRBKKEFFBFBDEEDBBFBBLGBXEEYLLGBBKEEFGBDEBEFFBLLELBOEE0BEEHDBRBBbEETCBZKKCBBICBCDBHCCJFBLBBELB7BDBekBBDCCGZZCYYBGGCIILBBFfBpClBlBBCBoBlBlBQOOBjBBnGCCBDBCBB6LFFBIICFFBqBqBFBBiBFFBIICFFBQQ6BFFBkCkCBhBhBBBBbFB3CBBHBB+UCB6CGBXIBZIBVLBOEEDLB-CBBLFBLFBbFB6CGBsBEBnCJBgBNNBCBNDBCCBrBBBGKBtBDBbFBMCB-BBBiCeeBMMBEBLFBPBBvBBBNTBuCnFnFBGB9BCBQCB-BEBsBBBMHBsBEB3QBBHBBnBBBHBBJGCgBBB2BQQPBBHUUBEEKmDmDNBBcOOBBBjBNBiBOBtEDB7UVBMUB14BBB-LEBuBCCBDBCBB5BGBDNBZIBI4BI-DhBBb6C6CBKB3GZBxC3C3CBoDoDBDBsB-C-C3CIBxBuzcuzcBBB4BIB9KTB5FHB+GTB9BCBLFB5BHBnCHBNFB1DKBfCBvCMMBCBiB4B4BBHBPBBLBBoDXBdJBHBBHBBHIBIII9BDB-DBBLFBl9KLBYDByBjoIBvLBBrDlBBILBGEBbGGCGDrUfBrBFB0BUUFDBGoEoEBCC-FCBHBBHBBHBBECBIIIBIBGBBNbbUDDQBBPhBB8DEBEDBuBCB5COOBBBCuBBvBhEBeCByBOBdDBlBIBfEBsBEBfmBmBBCBPpBB-EBBLFBlBDBlBDBpBHB1BKBNQQIDDMQQIDDBBB1BLB4JIBXJBJXBHrBrBKkCBHBBCtBtBDCBCBBYpCpCBGBKvBBUDDBDBiBCBcEBclBB5BDBVBBzBDDBDBJEEeBBEDBLGBKGBhCfBoBDBNIB3BCBeBBcEBbGBFLBIvCBqC2BB0BMB0BGBvBHBLFBnBCBeHBDvGBgBrBrBEBBDPBHHBKgBBvBHBrBVBblBBdTBYIBvCDBlBIBlCJBCBBaGBLFB2BTTBGBoBIBhDVVBJBTwBwBB8BBICCFQQMFB8BEBLFBFJJBDDBXXIDDGLLBDDBEEBCCBEBCEBIBBICBGKBLCCBCCnBLLCBBCFFLDDBGBDcB9CGGBcBpCHBLlFB3BBBnBhBBmCKBLFBOSB7BFBLFBVbBcBBQDBY4FB9BjDB0CLBJBBCBBJDDfDDBNNBHBLlCBJBBvBBBMaBpCHB0CMBqCGBL1CBJ3CBjBNBLFBKuBuBPJBeCBhBBBXPPBnCBIDDtBCBCDDKHBLFBHDDmBDDHGBLFBtBDBL1HBaGBSqBqBBBBe0CBCOBzBMB8clDBwDGGBJBlGryCBkDMB3iBJB88DEBoS41GB7Bl2BB6RGBgBLLBCByCLLBEBfBBHJBnCJBLIIWEBUvNB7BlGB8CEBaBBarBBsCDB6BGBS-BBGKBIIB3mHoBBhBgDB0D8vIBFIIDkJkJBNBCcBEBBCNBFHBtMjoCBsDEBOCBKGBLBBJ76DB+HCB1NFBYOBSOBvBBBYIB1D7BB3HJBoBBBjGUBnC5DBVLBVLB4CIBamEB2CoCoCDBBCBBDBBFNNCIIiCFFBJJIddFGGCCBI1K1KBlJlJB-V-VBNBGQQBuiBBgBFBH0GBISSBIIDGGBDB-BgBBCvDBuBCBPBBLDBD-JBgBQB7BEBCvOBrB1GBsBDBC-FBgBXXBGBD-GBIFFDQQmGBBRoBBtCDBLDBDwYBlCrCB+BhGBFccDCCBCCLFFCCCBEBCDBCECEDDCBBCICDCCBFFIKFCLLSEBEGGSzBBDtIBtBDBlDLBQBBQQQmBJBvF3BBeMBtBDBKGBDNBH5EB6eCBSCBOCB7GFBNDBCOBNDB5BHBLFBpBHBfBBNDBDNBKmBB5KHBPBBOCBMCB6BCCBCBRBBNDBLGB0EoDoDBjgBBh3pBfB-oEBBv0FBBypHOBvThtCB-QhvBBs6EEBrpIm8yVBCdBhD-DBxHvw-FB", false)),
		Vai: () => new UnicodeRangeTable(decodeRanges("gopBrJ", true)),
		Vithkuqi: () => new UnicodeRangeTable(decodeRanges("wrhCKCOCGCBCKCOCGCB", true)),
		Wancho: () => new UnicodeRangeTable(decodeRanges("g24D5BGA", true)),
		Warang_Citi: () => new UnicodeRangeTable(decodeRanges("glmCyCNA", true)),
		Yezidi: () => new UnicodeRangeTable(decodeRanges("g0jCpBCCDB", true)),
		Yi: () => new UnicodeRangeTable(decodeRanges("ggoBskBE2B", true)),
		Zanabazar_Square: () => new UnicodeRangeTable(decodeRanges("gwmCnC", true))
	});
	static FOLD_CATEGORIES = new LazyMap({
		L: () => new UnicodeRangeTable(decodeRanges("laA", true)),
		LC: () => new UnicodeRangeTable(decodeRanges("laA", true)),
		Ll: () => new UnicodeRangeTable(decodeRanges("hCZBmDWBCGBiBuBCEECDOCDuBCBECEBBCCCBCCBBBDDBCBBCCBEBBCBBCECBCCDCCBCCBBBCCCBEEIBBCBBCBBCOCDQCDBBCCCBBBC4BCIBBCBBDCCBCBCGC3HrBrBCEEJHHCCBCCCBCCBPBCIBkBJJCUCGDDCBBDyBBxBgBCK2BCBMCD+CCDlBBq6ClBBCGGzW1CB0kCHHBpBBDCBhK0ECKgDCKHBJFBLHBJHBJFBMGCJHBZHBJHBJHBJEBMEBMDBNEBMEBqJEEBHHxC9zC9zCBuBBxBCCBBBDGCBCBCDDJCBCgDCJCCFuqeuqeCqBCUaCoEMCE8BCLECBICFCCDCCEUCBDBCEBCOCBCBCCCBQCZs5Vs5VBYBmmBnBBpEjBB9EKBCOBCGBCBBr3ByBB+EVB75CfBhsVfBhCYBoyehBB", false)),
		Lt: () => new UnicodeRangeTable(decodeRanges("kOCCBCCBCClBCCtsHHBJHBJHBMQQwBAB", false)),
		Lu: () => new UnicodeRangeTable(decodeRanges("hDZB7BqBqBBWBCHBCuBCEECDOCDsBCDECBBBDCCDEEGDDECBDDDCCCDFFDEECDDECCGBBCBBCBBCOCBSCDBBCEECkBCEQCJDDBCCFICBEBCBBCCCBEEBCCBCBCEBDCCBDDIDDCBBEFBGLLBnFnFsBCCEEEBBBvBDBCdBCBBECBCWCBDBCGD1BvBBCgBCK0BCDMCBgDCyBlBBq6CqBBDCB5XFBjkCIBCvHvHERRzD0ECGGGC8CCBHBJFBLHBJHBJFBMGCJHBJNBzBBBNSSBPPBEEpL2B2Bs1CvBBCEEBGCHDDLiDCJCCFNNBkBBCGG0oesBCUaCoEMCE8BCLCCDICFFFCBBDSCMOCFCCDOCb9a9advCBi8UZBumBnBBpEjBB8EKBCOBCGBCBBk4ByBB+DVB75CfBhsVfB8BYBvyehBB", false)),
		M: () => new UnicodeRangeTable(decodeRanges("5cgBgBlgHAB", false)),
		Mn: () => new UnicodeRangeTable(decodeRanges("5cgBgBlgHAB", false)),
		Emoji: () => new UnicodeRangeTable(decodeRanges("8mJA", true)),
		Extended_Pictographic: () => new UnicodeRangeTable(decodeRanges("8mJA", true)),
		Lowercase: () => new UnicodeRangeTable(decodeRanges("hCZBmDWBCGBiBuBCEECDOCDuBCBECEBBCCCBCCBBBDDBCBBCCBEBBCBBCECBCCDCCBCCBBBCCCBEEIBBCBBCBBCOCDQCDBBCCCBBBC4BCIBBCBBDCCBCBCGCiJCCEJJHCCBBBCCCBCCBPBCIBkBJJCUCGDDCBBDyBBxBgBCK2BCBMCD+CCDlBBq6ClBBCGGzW1CB0kCHHBpBBDCBhK0ECKgDCKHBJFBLHBJHBJFBMGCJHBZHBJHBJHBJEBMEBMDBNEBMEBqJEEBHHuBPBUzZzZBYBx5BvBBxBCCBBBDGCBCBCDDJCBCgDCJCCFuqeuqeCqBCUaCoEMCE8BCLECBICFCCDCCEUCBDBCEBCOCBCBCCCBQCZs5Vs5VBYBmmBnBBpEjBB9EKBCOBCGBCBBr3ByBB+EVB75CfBhsVfBhCYBoyehBB", false)),
		Math: () => new UnicodeRangeTable(decodeRanges("ycGDCHHFMMDDDCHHFAB", false)),
		Uppercase: () => new UnicodeRangeTable(decodeRanges("hDZB7BqBqBBWBCHBCuBCEECDOCDsBCDECBBBDCCDEEGDDECBDDDCCCDFFDEECDDECCGBBCBBCBBCOCBSCDBBCEECkBCEQCJDDBCCFICBEBCBBCCCBEEBCCBCBCEBDCCBDDIDDCBBEFBGLLBnFnFsBCCEEEBBBvBDBCdBCBBECBCWCBDBCGD1BvBBCgBCK0BCDMCBgDCyBlBBq6CqBBDCB5XFBjkCIBCvHvHERRzD0ECGGGC8CCBHBJFBLHBJHBJFBMGCJHBJNBzBBBNSSBPPBEEpLiBiBBOBFsasaBYBn6BvBBCEEBGCHDDLiDCJCCFNNBkBBCGG0oesBCUaCoEMCE8BCLCCDICFFFCBBDSCMOCFCCDOCb9a9advCBi8UZBumBnBBpEjBB8EKBCOBCGBCBBk4ByBB+DVB75CfBhsVfB8BYBvyehBB", false))
	});
	static FOLD_SCRIPT = new LazyMap({
		Common: () => new UnicodeRangeTable(decodeRanges("8cgBgB", false)),
		Greek: () => new UnicodeRangeTable(decodeRanges("1FwUwU", false)),
		Inherited: () => new UnicodeRangeTable(decodeRanges("5cgBgBlgHAB", false))
	});
};
// src/Unicode.js
/**
* Utilities for dealing with Unicode better than JS does.
*/
var Unicode = class Unicode {
	static MAX_RUNE = 1114111;
	static RUNE_ERROR = 65533;
	static isUnsearchable(r) {
		return r === Unicode.RUNE_ERROR || r >= Unicode.MIN_HIGH_SURROGATE && r <= Unicode.MAX_LOW_SURROGATE;
	}
	static MAX_ASCII = 127;
	static MAX_LATIN1 = 255;
	static MAX_BMP = 65535;
	static MIN_FOLD = 65;
	static MAX_FOLD = 125251;
	static MIN_HIGH_SURROGATE = 55296;
	static MAX_HIGH_SURROGATE = 56319;
	static MIN_LOW_SURROGATE = 56320;
	static MAX_LOW_SURROGATE = 57343;
	static MIN_SUPPLEMENTARY_CODE_POINT = 65536;
	static is32(ranges, r) {
		let lo = 0;
		let hi = ranges.length;
		while (lo < hi) {
			const m = lo + Math.floor((hi - lo) / 2);
			const rlo = ranges.getLo(m);
			const rhi = ranges.getHi(m);
			if (rlo <= r && r <= rhi) {
				const stride = ranges.getStride(m);
				return (r - rlo) % stride === 0;
			}
			if (r < rlo) hi = m;
			else lo = m + 1;
		}
		return false;
	}
	static is(ranges, r) {
		if (r <= Unicode.MAX_LATIN1) {
			for (let i = 0; i < ranges.length; i++) {
				if (r > ranges.getHi(i)) continue;
				const rlo = ranges.getLo(i);
				if (r < rlo) return false;
				const stride = ranges.getStride(i);
				return (r - rlo) % stride === 0;
			}
			return false;
		}
		return ranges.length > 0 && r >= ranges.getLo(0) && Unicode.is32(ranges, r);
	}
	static isPrint(r) {
		if (r <= Unicode.MAX_LATIN1) return r >= 32 && r < Unicode.MAX_ASCII || r >= 161 && r !== 173;
		return Unicode.is(UnicodeTables.Print, r);
	}
	static simpleFold(r) {
		if (UnicodeTables.CASE_ORBIT.has(r)) return UnicodeTables.CASE_ORBIT.get(r);
		if (r <= Unicode.MAX_ASCII) {
			const l = Codepoint.toLowerCase(r);
			return l !== r ? l : Codepoint.toUpperCase(r);
		}
		return r;
	}
	static equalsIgnoreCase(r1, r2) {
		if (r1 === r2) return true;
		if (r1 < 0 || r2 < 0) return false;
		if (r1 <= Unicode.MAX_ASCII && r2 <= Unicode.MAX_ASCII) {
			if (65 <= r1 && r1 <= 90) r1 |= 32;
			if (65 <= r2 && r2 <= 90) r2 |= 32;
			return r1 === r2;
		}
		for (let r = Unicode.simpleFold(r1); r !== r1; r = Unicode.simpleFold(r)) if (r === r2) return true;
		return false;
	}
};
// src/exceptions.js
var RE2JSException = class extends Error {
	/** @param {string} message */
	constructor(message) {
		super(message);
		this.name = "RE2JSException";
	}
};
/**
* An exception thrown by the parser if the pattern was invalid.
*/
var RE2JSSyntaxException = class extends RE2JSException {
	/**
	* @param {string} error
	* @param {string|null} [input=null]
	*/
	constructor(error, input = null) {
		let message = `error parsing regexp: ${error}`;
		if (input) message += `: \`${input}\``;
		super(message);
		this.name = "RE2JSSyntaxException";
		this.message = message;
		/** @type {string} */
		this.error = error;
		/** @type {string|null} */
		this.input = input;
	}
	/**
	* Retrieves the description of the error.
	* @returns {string}
	*/
	getDescription() {
		return this.error;
	}
	/**
	* Retrieves the erroneous regular-expression pattern.
	* @returns {string|null}
	*/
	getPattern() {
		return this.input;
	}
};
/**
* An exception thrown by the compiler
*/
var RE2JSCompileException = class extends RE2JSException {
	/** @param {string} message */
	constructor(message) {
		super(message);
		this.name = "RE2JSCompileException";
	}
};
/**
* An exception thrown by using groups
*/
var RE2JSGroupException = class extends RE2JSException {
	/** @param {string} message */
	constructor(message) {
		super(message);
		this.name = "RE2JSGroupException";
	}
};
/**
* An exception thrown by flags
*/
var RE2JSFlagsException = class extends RE2JSException {
	/** @param {string} message */
	constructor(message) {
		super(message);
		this.name = "RE2JSFlagsException";
	}
};
/**
* An exception thrown for internal engine errors, such as corrupted bytecodes.
*/
var RE2JSInternalException = class extends RE2JSException {
	/** @param {string} message */
	constructor(message) {
		super(message);
		this.name = "RE2JSInternalException";
	}
};
// src/Utils.js
/**
* Size of the precomputed single-byte lookup table.
* Covers standard ASCII and Latin-1 characters for fast-path execution.
*/
const FAST_PATH_TABLE_SIZE = 256;
/**
* Precomputed lookup table for Word Boundary (\b, \B) assertions.
* * By precomputing the boolean results for standard ASCII word ranges
* ('a'-'z', 'A'-'Z', '0'-'9', '_'), we completely eliminate 4 logical
* branches from the NFA's hot execution loop. This prevents costly
* CPU branch mispredictions when scanning large strings.
*/
const WORD_RUNE_TABLE = new Uint8Array(FAST_PATH_TABLE_SIZE);
for (let i = 0; i < FAST_PATH_TABLE_SIZE; i++) WORD_RUNE_TABLE[i] = 97 <= i && i <= 122 || 65 <= i && i <= 90 || 48 <= i && i <= 57 || i === 95 ? 1 : 0;
let cachedNativeEncoder = null;
let cachedNativeDecoder = null;
/**
* Various constants and helper utilities.
*/
var Utils = class Utils {
	static METACHARACTERS = "\\.+*?()|[]{}^$";
	static EMPTY_BEGIN_LINE = 1;
	static EMPTY_END_LINE = 2;
	static EMPTY_BEGIN_TEXT = 4;
	static EMPTY_END_TEXT = 8;
	static EMPTY_WORD_BOUNDARY = 16;
	static EMPTY_NO_WORD_BOUNDARY = 32;
	static EMPTY_ALL = -1;
	static emptyInts() {
		return [];
	}
	static isString(value) {
		return typeof value === "string" || Object.prototype.toString.call(value) === "[object String]";
	}
	static typeName(value) {
		if (value === null || typeof value !== "object" && typeof value !== "function") return value === null ? "null" : typeof value;
		return Object.prototype.toString.call(value).slice(8, -1);
	}
	static checkPattern(pattern) {
		if (!Utils.isString(pattern)) throw new TypeError(`The pattern must be a string, not ${Utils.typeName(pattern)} (RE2JS.translateRegExp() converts a RegExp)`);
	}
	static checkInput(input) {
		if (!Utils.isString(input) && !Utils.isByteArray(input)) throw new TypeError(`The input must be a string or a byte array (Uint8Array or number[]), not ${Utils.typeName(input)}`);
	}
	static checkFlags(flags) {
		const known = PublicFlags.MULTILINE | PublicFlags.DOTALL | PublicFlags.CASE_INSENSITIVE | PublicFlags.DISABLE_UNICODE_GROUPS | PublicFlags.LONGEST_MATCH | PublicFlags.LOOKBEHINDS;
		if (!Number.isInteger(flags) || (flags & ~known) !== 0) throw new RE2JSFlagsException("Flags should only be a combination of MULTILINE, DOTALL, CASE_INSENSITIVE, DISABLE_UNICODE_GROUPS, LONGEST_MATCH, LOOKBEHINDS");
	}
	static isByteArray(input) {
		return Array.isArray(input) || Object.prototype.toString.call(input) === "[object Uint8Array]";
	}
	static isalnum(c) {
		return Codepoint.CODES["0"] <= c && c <= Codepoint.CODES["9"] || Codepoint.CODES["a"] <= c && c <= Codepoint.CODES["z"] || Codepoint.CODES["A"] <= c && c <= Codepoint.CODES["Z"];
	}
	static unhex(c) {
		if (Codepoint.CODES["0"] <= c && c <= Codepoint.CODES["9"]) return c - Codepoint.CODES["0"];
		if (Codepoint.CODES["a"] <= c && c <= Codepoint.CODES["f"]) return c - Codepoint.CODES["a"] + 10;
		if (Codepoint.CODES["A"] <= c && c <= Codepoint.CODES["F"]) return c - Codepoint.CODES["A"] + 10;
		return -1;
	}
	static escapeRune(rune) {
		let out = "";
		if (Unicode.isPrint(rune)) {
			if (Utils.METACHARACTERS.indexOf(String.fromCodePoint(rune)) >= 0) out += "\\";
			out += String.fromCodePoint(rune);
		} else switch (rune) {
			case Codepoint.CODES["\""]:
				out += "\\\"";
				break;
			case Codepoint.CODES["\\"]:
				out += "\\\\";
				break;
			case Codepoint.CODES["	"]:
				out += "\\t";
				break;
			case Codepoint.CODES["\n"]:
				out += "\\n";
				break;
			case Codepoint.CODES["\r"]:
				out += "\\r";
				break;
			case Codepoint.CODES["\b"]:
				out += "\\b";
				break;
			case Codepoint.CODES["\f"]:
				out += "\\f";
				break;
			default: {
				let s = rune.toString(16);
				if (rune < 256) {
					out += "\\x";
					if (s.length === 1) out += "0";
					out += s;
				} else out += `\\x{${s}}`;
				break;
			}
		}
		return out;
	}
	static stringToRunes(str) {
		const string = String(str);
		const runes = [];
		let i = 0;
		while (i < string.length) {
			const cp = string.codePointAt(i);
			runes.push(cp);
			i += cp > Unicode.MAX_BMP ? 2 : 1;
		}
		return new Int32Array(runes);
	}
	static runeToString(r) {
		return String.fromCodePoint(r);
	}
	static isWordRune(r) {
		return r < FAST_PATH_TABLE_SIZE ? WORD_RUNE_TABLE[r] === 1 : false;
	}
	static emptyOpContext(r1, r2) {
		let op = 0;
		if (r1 < 0) op |= Utils.EMPTY_BEGIN_TEXT | Utils.EMPTY_BEGIN_LINE;
		if (r1 === 10) op |= Utils.EMPTY_BEGIN_LINE;
		if (r2 < 0) op |= Utils.EMPTY_END_TEXT | Utils.EMPTY_END_LINE;
		if (r2 === 10) op |= Utils.EMPTY_END_LINE;
		if (Utils.isWordRune(r1) !== Utils.isWordRune(r2)) op |= Utils.EMPTY_WORD_BOUNDARY;
		else op |= Utils.EMPTY_NO_WORD_BOUNDARY;
		return op;
	}
	/**
	* Returns a string that quotes all regular expression metacharacters inside the argument text;
	* the returned string is a regular expression matching the literal text. For example,
	* {@code quoteMeta("[foo]").equals("\\[foo\\]")}.
	* @param {string} str
	* @returns {string}
	*/
	static quoteMeta(str) {
		return str.split("").map((s) => {
			if (Utils.METACHARACTERS.indexOf(s) >= 0) return `\\${s}`;
			return s;
		}).join("");
	}
	static charCount(codePoint) {
		return codePoint > Unicode.MAX_BMP ? 2 : 1;
	}
	/**
	* High-speed conversion from TypedArrays to standard JS Arrays.
	* Bypasses the expensive Symbol.iterator overhead of Array.from()
	*/
	static toArray(typedArray) {
		const len = typedArray.length;
		const res = new Array(len);
		for (let i = 0; i < len; i++) res[i] = typedArray[i];
		return res;
	}
	static stringToUtf8ByteArray(str) {
		if (globalThis.TextEncoder) {
			if (!cachedNativeEncoder) cachedNativeEncoder = new TextEncoder();
			return cachedNativeEncoder.encode(str);
		} else {
			let out = [], p = 0;
			for (let i = 0; i < str.length; i++) {
				let c = str.charCodeAt(i);
				if (c < 128) out[p++] = c;
				else if (c < 2048) {
					out[p++] = c >> 6 | 192;
					out[p++] = c & 63 | 128;
				} else if ((c & 64512) === Unicode.MIN_HIGH_SURROGATE && i + 1 < str.length && (str.charCodeAt(i + 1) & 64512) === Unicode.MIN_LOW_SURROGATE) {
					c = Unicode.MIN_SUPPLEMENTARY_CODE_POINT + ((c & 1023) << 10) + (str.charCodeAt(++i) & 1023);
					out[p++] = c >> 18 | 240;
					out[p++] = c >> 12 & 63 | 128;
					out[p++] = c >> 6 & 63 | 128;
					out[p++] = c & 63 | 128;
				} else {
					out[p++] = c >> 12 | 224;
					out[p++] = c >> 6 & 63 | 128;
					out[p++] = c & 63 | 128;
				}
			}
			return out;
		}
	}
	static utf8ByteArrayToString(bytes) {
		if (globalThis.TextDecoder) {
			if (!cachedNativeDecoder) cachedNativeDecoder = new TextDecoder("utf-8");
			const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
			return cachedNativeDecoder.decode(view);
		} else {
			let out = [], pos = 0, c = 0;
			while (pos < bytes.length) {
				let c1 = bytes[pos++];
				if (c1 < 128) out[c++] = String.fromCharCode(c1);
				else if (c1 > 191 && c1 < 224) {
					let c2 = bytes[pos++];
					out[c++] = String.fromCharCode((c1 & 31) << 6 | c2 & 63);
				} else if (c1 > 239 && c1 < 365) {
					let c2 = bytes[pos++];
					let c3 = bytes[pos++];
					let c4 = bytes[pos++];
					let u = ((c1 & 7) << 18 | (c2 & 63) << 12 | (c3 & 63) << 6 | c4 & 63) - Unicode.MIN_SUPPLEMENTARY_CODE_POINT;
					out[c++] = String.fromCharCode(Unicode.MIN_HIGH_SURROGATE + (u >> 10));
					out[c++] = String.fromCharCode(Unicode.MIN_LOW_SURROGATE + (u & 1023));
				} else {
					let c2 = bytes[pos++];
					let c3 = bytes[pos++];
					out[c++] = String.fromCharCode((c1 & 15) << 12 | (c2 & 63) << 6 | c3 & 63);
				}
			}
			return out.join("");
		}
	}
};
// src/helpers.js
const createEnum = (values = [], initNum = 0) => {
	const enumObject = Object.create(null);
	for (let i = 0; i < values.length; i++) {
		const val = values[i];
		const keyVal = initNum + i;
		enumObject[val] = keyVal;
		enumObject[keyVal] = val;
	}
	return Object.freeze(enumObject);
};
// src/MatcherInput.js
/**
* Abstract the representations of input text supplied to Matcher.
*/
var MatcherInputBase = class MatcherInputBase {
	static Encoding = createEnum(["UTF_16", "UTF_8"]);
	getEncoding() {
		throw Error("not implemented");
	}
	/** @returns {string} */
	asCharSequence() {
		throw Error("not implemented");
	}
	/** @returns {Uint8Array|number[]|null} */
	asBytes() {
		throw Error("not implemented");
	}
	/** @returns {number} */
	length() {
		throw Error("not implemented");
	}
	/**
	*
	* @returns {boolean}
	*/
	isUTF8Encoding() {
		return this.getEncoding() === MatcherInputBase.Encoding.UTF_8;
	}
	/**
	*
	* @returns {boolean}
	*/
	isUTF16Encoding() {
		return this.getEncoding() === MatcherInputBase.Encoding.UTF_16;
	}
};
var Utf8MatcherInput = class extends MatcherInputBase {
	/** @param {Uint8Array|number[]|null} bytes */
	constructor(bytes = null) {
		super();
		this.bytes = bytes;
	}
	getEncoding() {
		return MatcherInputBase.Encoding.UTF_8;
	}
	/**
	*
	* @returns {string}
	*/
	asCharSequence() {
		return Utils.utf8ByteArrayToString(this.bytes);
	}
	/**
	*
	* @returns {Uint8Array|number[]|null}
	*/
	asBytes() {
		return this.bytes;
	}
	/**
	*
	* @returns {number}
	*/
	length() {
		return this.bytes.length;
	}
};
var Utf16MatcherInput = class extends MatcherInputBase {
	/** @param {string|null} charSequence */
	constructor(charSequence = null) {
		super();
		this.charSequence = charSequence;
	}
	getEncoding() {
		return MatcherInputBase.Encoding.UTF_16;
	}
	/**
	*
	* @returns {string}
	*/
	asCharSequence() {
		return this.charSequence;
	}
	/**
	*
	* @returns {number[]}
	*/
	asBytes() {
		return Utils.stringToUtf8ByteArray(this.charSequence.toString());
	}
	/**
	*
	* @returns {number}
	*/
	length() {
		return this.charSequence.length;
	}
};
var MatcherInput = class {
	/**
	* Return the MatcherInput for UTF_16 encoding.
	* @returns {Utf16MatcherInput}
	*/
	static utf16(charSequence) {
		Utils.checkInput(charSequence);
		return new Utf16MatcherInput(charSequence);
	}
	/**
	* Return the MatcherInput for UTF_8 encoding.
	* @returns {Utf8MatcherInput}
	*/
	static utf8(input) {
		if (Utils.isByteArray(input)) return new Utf8MatcherInput(input);
		return new Utf8MatcherInput(Utils.stringToUtf8ByteArray(input));
	}
};
// src/MachineInput.js
/**
* MachineInput abstracts different representations of the input text supplied to the Machine. It
* provides one-character lookahead.
*/
var MachineInputBase = class {
	static EOF() {
		return -8;
	}
	constructor() {
		this.start = 0;
		this.end = 0;
	}
	canCheckPrefix() {
		return true;
	}
	endPos() {
		return this.end - this.start;
	}
	hasString() {
		return false;
	}
	hasAnyString() {
		return false;
	}
	prefixLength() {
		return 0;
	}
};
var MachineUTF8Input = class MachineUTF8Input extends MachineInputBase {
	static RUNE_ERROR_STEP = Unicode.RUNE_ERROR << 3 | 1;
	constructor(bytes, start = 0, end = bytes.length) {
		super();
		this.bytes = bytes;
		this.start = start;
		this.end = end;
	}
	hasString(prefilter, pos) {
		const target = prefilter.bytes;
		if (target.length === 0) return true;
		const idx = this.indexOf(this.bytes, target, this.start + pos);
		return idx !== -1 && idx <= this.end - target.length;
	}
	hasAnyString(prefilter, pos) {
		return prefilter.automaton8().searchUTF8(this.bytes, this.start + pos, this.end);
	}
	step(pos) {
		pos += this.start;
		if (pos >= this.end) return MachineInputBase.EOF();
		const c = this.bytes[pos] & 255;
		if (c < 128) return c << 3 | 1;
		let size;
		let rune;
		let lo = 128;
		let hi = 191;
		if (c >= 194 && c <= 223) {
			size = 2;
			rune = c & 31;
		} else if (c >= 224 && c <= 239) {
			size = 3;
			rune = c & 15;
			if (c === 224) lo = 160;
			else if (c === 237) hi = 159;
		} else if (c >= 240 && c <= 244) {
			size = 4;
			rune = c & 7;
			if (c === 240) lo = 144;
			else if (c === 244) hi = 143;
		} else return MachineUTF8Input.RUNE_ERROR_STEP;
		if (pos + size > this.end) return MachineUTF8Input.RUNE_ERROR_STEP;
		const c1 = this.bytes[pos + 1] & 255;
		if (c1 < lo || c1 > hi) return MachineUTF8Input.RUNE_ERROR_STEP;
		rune = rune << 6 | c1 & 63;
		if (size > 2) {
			const c2 = this.bytes[pos + 2] & 255;
			if ((c2 & 192) !== 128) return MachineUTF8Input.RUNE_ERROR_STEP;
			rune = rune << 6 | c2 & 63;
			if (size > 3) {
				const c3 = this.bytes[pos + 3] & 255;
				if ((c3 & 192) !== 128) return MachineUTF8Input.RUNE_ERROR_STEP;
				rune = rune << 6 | c3 & 63;
			}
		}
		return rune << 3 | size;
	}
	index(re2, pos) {
		pos += this.start;
		const i = this.indexOf(this.bytes, re2.prefixUTF8, pos);
		return i < 0 ? i : i - pos;
	}
	context(pos) {
		pos += this.start;
		let r1 = -1;
		if (pos > this.start && pos <= this.end) {
			let start = pos - 1;
			r1 = this.bytes[start--];
			if (r1 >= 128) {
				let lim = pos - 4;
				if (lim < this.start) lim = this.start;
				while (start >= lim && (this.bytes[start] & 192) === 128) start--;
				if (start < this.start) start = this.start;
				const r = this.step(start - this.start);
				r1 = start + (r & 7) === pos ? r >> 3 : Unicode.RUNE_ERROR;
			}
		}
		const r2 = pos < this.end ? this.step(pos - this.start) >> 3 : -1;
		return Utils.emptyOpContext(r1, r2);
	}
	indexOf(source, target, fromIndex = 0) {
		let targetLength = target.length;
		if (targetLength === 0) return fromIndex <= this.end ? fromIndex : -1;
		const firstByte = target[0];
		let limit = this.end - targetLength;
		const hasNativeIndexOf = typeof source.indexOf === "function";
		let i = fromIndex;
		while (i <= limit) {
			if (hasNativeIndexOf) {
				i = source.indexOf(firstByte, i);
				if (i === -1 || i > limit) return -1;
			} else {
				while (i <= limit && source[i] !== firstByte) i++;
				if (i > limit) return -1;
			}
			let match = true;
			for (let j = 1; j < targetLength; j++) if (source[i + j] !== target[j]) {
				match = false;
				break;
			}
			if (match) return i;
			i++;
		}
		return -1;
	}
	prefixLength(re2) {
		return re2.prefixUTF8.length;
	}
};
var MachineUTF16Input = class extends MachineInputBase {
	constructor(charSequence, start = 0, end = charSequence.length) {
		super();
		this.charSequence = charSequence;
		this.start = start;
		this.end = end;
	}
	hasString(prefilter, pos) {
		const idx = this.charSequence.indexOf(prefilter.str, this.start + pos);
		return idx !== -1 && idx <= this.end - prefilter.str.length;
	}
	hasAnyString(prefilter, pos) {
		return prefilter.automaton16().searchUTF16(this.charSequence, this.start + pos, this.end);
	}
	step(pos) {
		pos += this.start;
		if (pos >= this.end) return MachineInputBase.EOF();
		const c1 = this.charSequence.charCodeAt(pos);
		if (c1 < Unicode.MIN_HIGH_SURROGATE || c1 > Unicode.MAX_HIGH_SURROGATE || pos + 1 >= this.end) return c1 << 3 | 1;
		const c2 = this.charSequence.charCodeAt(pos + 1);
		if (c2 >= Unicode.MIN_LOW_SURROGATE && c2 <= Unicode.MAX_LOW_SURROGATE) return (c1 - Unicode.MIN_HIGH_SURROGATE) * 1024 + (c2 - Unicode.MIN_LOW_SURROGATE) + Unicode.MIN_SUPPLEMENTARY_CODE_POINT << 3 | 2;
		return c1 << 3 | 1;
	}
	index(re2, pos) {
		pos += this.start;
		const i = this.charSequence.indexOf(re2.prefix, pos);
		if (i < 0 || i > this.end - re2.prefix.length) return -1;
		return i - pos;
	}
	context(pos) {
		pos += this.start;
		const r1 = pos > this.start && pos <= this.end ? this.charSequence.charCodeAt(pos - 1) : -1;
		const r2 = pos < this.end ? this.charSequence.charCodeAt(pos) : -1;
		return Utils.emptyOpContext(r1, r2);
	}
	prefixLength(re2) {
		return re2.prefix.length;
	}
};
var MachineInput = class {
	static fromUTF8(bytes, start = 0, end = bytes.length) {
		return new MachineUTF8Input(bytes, start, end);
	}
	static fromUTF16(charSequence, start = 0, end = void 0) {
		Utils.checkInput(charSequence);
		return new MachineUTF16Input(charSequence, start, end ?? charSequence.length);
	}
};
// src/Matcher.js
/**
* A stateful iterator that interprets a regex {@code RE2JS} on a specific input.
*
* Conceptually, a Matcher consists of four parts:
* <ol>
* <li>A compiled regular expression {@code RE2JS}, set at construction and fixed for the lifetime
* of the matcher.</li>
*
* <li>The remainder of the input string, set at construction or {@link #reset()} and advanced by
* each match operation such as {@link #find}, {@link #matches} or {@link #lookingAt}.</li>
*
* <li>The current match information, accessible via {@link #start}, {@link #end}, and
* {@link #group}, and updated by each match operation.</li>
*
* <li>The append position, used and advanced by {@link #appendReplacement} and {@link #appendTail}
* if performing a search and replace from the input to an external {@code StringBuffer}.
*
* </ol>
*
*
* @author rsc@google.com (Russ Cox)
*/
var Matcher = class Matcher {
	/**
	* V8 and WebKit have historical hard limits on the number of arguments
	* that can be passed to a function. We cap replacer arguments to prevent
	* Call Stack Overflow (DoS) vulnerabilities on massive ASTs.
	*/
	static MAX_REPLACER_ARGS = 65535;
	/**
	* Quotes '\' and '$' in {@code s}, so that the returned string could be used in
	* {@link #appendReplacement} as a literal replacement of {@code s}.
	*
	* @param {string} str the string to be quoted
	* @param {boolean} [javaMode=false] whether the replacement will be used in javaMode
	* @returns {string} the quoted string
	*/
	static quoteReplacement(str, javaMode = false) {
		if (javaMode) {
			if (str.indexOf("\\") < 0 && str.indexOf("$") < 0) return str;
			return str.split("").map((s) => {
				const c = s.codePointAt(0);
				if (c === Codepoint.CODES["\\"] || c === Codepoint.CODES["$"]) return `\\${s}`;
				return s;
			}).join("");
		}
		if (str.indexOf("$") < 0) return str;
		return str.split("").map((s) => {
			if (s.codePointAt(0) === Codepoint.CODES["$"]) return "$$";
			return s;
		}).join("");
	}
	/**
	*
	* @param {import('./index.js').RE2JS} pattern
	* @param {string|number[]|Uint8Array|MatcherInputBase} input
	*/
	constructor(pattern, input) {
		if (pattern === null) throw new Error("pattern is null");
		/**
		* The pattern being matched.
		* @type {import('./index.js').RE2JS}
		*/
		this.patternInput = pattern;
		const re2 = this.patternInput.re2();
		/** @type {number} */
		this.patternGroupCount = re2.numberOfCapturingGroups();
		/** @type {number[]} */
		this.groups = [];
		/** @type {Record<string, number>} */
		this.namedGroups = re2.namedGroups;
		/** @type {boolean} */
		this.hasNamedGroups = Object.keys(this.namedGroups).length > 0;
		/** @type {number} */
		this.numberOfInstructions = re2.numberOfInstructions();
		/** @type {import('./Machine.js').LookbehindState|null} */
		this.lookbehindState = null;
		if (input instanceof MatcherInputBase) this.resetMatcherInput(input);
		else if (Utils.isByteArray(input)) this.resetMatcherInput(MatcherInput.utf8(input));
		else this.resetMatcherInput(MatcherInput.utf16(input));
	}
	/**
	* Returns the {@code RE2JS} associated with this {@code Matcher}.
	* @returns {import('./index.js').RE2JS}
	*/
	pattern() {
		return this.patternInput;
	}
	/**
	* Resets the {@code Matcher}, rewinding input and discarding any match information.
	*
	* @returns {Matcher} the {@code Matcher} itself, for chained method calls
	*/
	reset() {
		/** @type {number} */
		this.matcherInputLength = this.matcherInput.length();
		/** @type {number} */
		this.appendPos = 0;
		this.hasMatch = false;
		this.hasGroups = false;
		this.anchorFlag = 0;
		return this;
	}
	/**
	* Resets the {@code Matcher} and changes the input.
	* @param {string|number[]|Uint8Array|MatcherInputBase} input
	* @returns {Matcher} the {@code Matcher} itself, for chained method calls
	*/
	resetMatcherInput(input) {
		if (input === null) throw new Error("input is null");
		if (!(input instanceof MatcherInputBase)) {
			if (Utils.isByteArray(input)) input = MatcherInput.utf8(input);
			else input = MatcherInput.utf16(input);
		}
		this.matcherInput = input;
		if (this.lookbehindState !== null) this.lookbehindState.reset();
		else this.lookbehindState = this.patternInput.re2().createLookbehindState();
		this.reset();
		return this;
	}
	/**
	* Returns the start of the named group of the most recent match, or -1 if the group was not
	* matched.
	* @param {string|number} [group=0]
	* @returns {number}
	*/
	start(group = 0) {
		if (typeof group === "string") {
			const groupInt = this.namedGroups[group];
			if (!Number.isFinite(groupInt)) throw new RE2JSGroupException(`group '${group}' not found`);
			group = groupInt;
		}
		this.loadGroup(group);
		return this.groups[2 * group];
	}
	/**
	* Returns the end of the named group of the most recent match, or -1 if the group was not
	* matched.
	* @param {string|number} [group=0]
	* @returns {number}
	*/
	end(group = 0) {
		if (typeof group === "string") {
			const groupInt = this.namedGroups[group];
			if (!Number.isFinite(groupInt)) throw new RE2JSGroupException(`group '${group}' not found`);
			group = groupInt;
		}
		this.loadGroup(group);
		return this.groups[2 * group + 1];
	}
	/**
	* Returns the program size of this pattern.
	*
	* <p>
	* Similar to the C++ implementation, the program size is a very approximate measure of a regexp's
	* "cost". Larger numbers are more expensive than smaller numbers.
	* </p>
	*
	* @returns {number} the program size of this pattern
	*/
	programSize() {
		return this.numberOfInstructions;
	}
	/**
	* Returns the named group of the most recent match, or {@code null} if the group was not matched.
	* @param {string|number} [group=0]
	* @returns {string|null}
	*/
	group(group = 0) {
		if (typeof group === "string") {
			const groupInt = this.namedGroups[group];
			if (!Number.isFinite(groupInt)) throw new RE2JSGroupException(`group '${group}' not found`);
			group = groupInt;
		}
		const start = this.start(group);
		const end = this.end(group);
		if (start < 0 && end < 0) return null;
		return this.substring(start, end);
	}
	/**
	* Returns a dictionary map of all named capturing groups and their matched values.
	* If a group was not matched, its value will be `null`.
	* @returns {Record<string, string|null>}
	*/
	getNamedGroups() {
		if (!this.hasMatch) throw new RE2JSGroupException("perhaps no match attempted");
		const result = Object.create(null);
		for (const name of Object.keys(this.namedGroups)) result[name] = this.group(name);
		return result;
	}
	/**
	* Returns the number of subgroups in this pattern.
	*
	* @returns {number} the number of subgroups; the overall match (group 0) does not count
	*/
	groupCount() {
		return this.patternGroupCount;
	}
	/**
	* Helper: finds subgroup information if needed for group.
	* @param {number} group
	* @private
	*/
	loadGroup(group) {
		if (!Number.isInteger(group) || group < 0 || group > this.patternGroupCount) throw new RE2JSGroupException(`Group index out of bounds: ${group}`);
		if (!this.hasMatch) throw new RE2JSGroupException("perhaps no match attempted");
		if (group === 0 || this.hasGroups) return;
		const end = this.matcherInputLength;
		const res = this.patternInput.re2().matchMachineInput(this.matcherInput, this.groups[0], end, this.anchorFlag, 1 + this.patternGroupCount, this.lookbehindState);
		if (!res[0]) throw new RE2JSGroupException("inconsistency in matching group data");
		this.groups = res[1];
		this.hasGroups = true;
	}
	/**
	* Matches the entire input against the pattern (anchored start and end). If there is a match,
	* {@code matches} sets the match state to describe it.
	*
	* @returns {boolean} true if the entire input matches the pattern
	*/
	matches() {
		return this.genMatch(0, RE2Flags.ANCHOR_BOTH);
	}
	/**
	* Matches the beginning of input against the pattern (anchored start). If there is a match,
	* {@code lookingAt} sets the match state to describe it.
	*
	* @returns {boolean} true if the beginning of the input matches the pattern
	*/
	lookingAt() {
		return this.genMatch(0, RE2Flags.ANCHOR_START);
	}
	/**
	* Matches the input against the pattern (unanchored), starting at a specified position. If there
	* is a match, {@code find} sets the match state to describe it.
	*
	* @param {number|null} [start=null] the input position where the search begins
	* @returns {boolean} if it finds a match
	* @throws IndexOutOfBoundsException if start is not a valid input position
	*/
	find(start = null) {
		if (start !== null) {
			if (!Number.isInteger(start) || start < 0 || start > this.matcherInputLength) throw new RE2JSGroupException(`start index out of bounds: ${start}`);
			this.reset();
			return this.genMatch(start, 0);
		}
		start = 0;
		if (this.hasMatch) {
			start = this.groups[1];
			if (this.groups[0] === this.groups[1]) {
				const r = (this.matcherInput.isUTF16Encoding() ? MachineInput.fromUTF16(this.matcherInput.asCharSequence(), 0, this.matcherInputLength) : MachineInput.fromUTF8(this.matcherInput.asBytes(), 0, this.matcherInputLength)).step(start);
				if (r < 0) start++;
				else start += r & 7;
			}
		}
		return this.genMatch(start, RE2Flags.UNANCHORED);
	}
	/**
	* Helper: does match starting at start, with RE2 anchor flag.
	* @param {number} startByte
	* @param {number} anchor
	* @returns {boolean}
	* @private
	*/
	genMatch(startByte, anchor) {
		const res = this.patternInput.re2().matchMachineInput(this.matcherInput, startByte, this.matcherInputLength, anchor, 1, this.lookbehindState);
		if (!res[0]) {
			this.hasMatch = false;
			return false;
		}
		this.groups = res[1];
		this.hasMatch = true;
		this.hasGroups = this.patternGroupCount === 0;
		this.anchorFlag = anchor;
		return true;
	}
	/**
	* Helper: return substring for [start, end).
	* @param {number} start
	* @param {number} end
	* @returns {string}
	*/
	substring(start, end) {
		if (this.matcherInput.isUTF8Encoding()) return Utils.utf8ByteArrayToString(this.matcherInput.asBytes().slice(start, end));
		return this.matcherInput.asCharSequence().substring(start, end).toString();
	}
	/**
	* Helper for Pattern: return input length.
	* @returns {number}
	*/
	inputLength() {
		return this.matcherInputLength;
	}
	/**
	* Appends to result two strings: the text from the append position up to the beginning of the
	* most recent match, and then the replacement with submatch groups substituted for references to
	* them. It advances the append position to where the most recent match ended.
	*
	* By default the replacement is expanded as by String.prototype.replace (see
	* appendReplacementInternalJs). In Java mode it follows re2j / java.util.regex: $n takes as
	* many digits as still form a valid group number, ${name} is a named group, and a backslash
	* escapes the next character (so "\\$" in a JS string literal inserts a literal $).
	*
	* @param {string} replacement the replacement string
	* @param {boolean} [javaMode=false] activate java mode (different behaviour for capture groups and special characters)
	* @returns {string}
	* @throws IllegalStateException if there was no most recent match
	* @throws IndexOutOfBoundsException in Java mode, if replacement refers to an invalid group
	* @private
	*/
	appendReplacement(replacement, javaMode = false) {
		let res = "";
		const s = this.start();
		const e = this.end();
		if (this.appendPos < s) res += this.substring(this.appendPos, s);
		this.appendPos = e;
		res += javaMode ? this.appendReplacementInternalJava(replacement) : this.appendReplacementInternalJs(replacement);
		return res;
	}
	/**
	* @param {string} replacement - the replacement string
	* @returns {string}
	* @private
	*/
	appendReplacementInternalJava(replacement) {
		let res = "";
		let last = 0;
		const m = replacement.length;
		let i = 0;
		while (i < m) {
			const cCode = replacement.codePointAt(i);
			if (cCode === Codepoint.CODES["\\"]) {
				if (last < i) res += replacement.substring(last, i);
				i++;
				if (i >= m) throw new RE2JSGroupException("character to be escaped is missing");
				last = i;
				i++;
				continue;
			}
			if (cCode === Codepoint.CODES["$"]) {
				if (last < i) res += replacement.substring(last, i);
				if (i + 1 >= m) throw new RE2JSGroupException("Illegal group reference: group index is missing");
				const nextCode = replacement.codePointAt(i + 1);
				if (Codepoint.CODES["0"] <= nextCode && nextCode <= Codepoint.CODES["9"]) {
					let n = nextCode - Codepoint.CODES["0"];
					let j = i + 2;
					for (; j < m; j++) {
						const digit = replacement.codePointAt(j);
						if (digit < Codepoint.CODES["0"] || digit > Codepoint.CODES["9"] || n * 10 + digit - Codepoint.CODES["0"] > this.patternGroupCount) break;
						n = n * 10 + digit - Codepoint.CODES["0"];
					}
					if (n > this.patternGroupCount) throw new RE2JSGroupException(`n > number of groups: ${n}`);
					const group = this.group(n);
					if (group !== null) res += group;
					i = j;
					last = i;
				} else if (nextCode === Codepoint.CODES["{"]) {
					let j = i + 2;
					while (j < m && replacement.codePointAt(j) !== Codepoint.CODES["}"]) j++;
					if (j >= m) throw new RE2JSGroupException("named capture group is missing trailing '}'");
					const groupName = replacement.substring(i + 2, j);
					const groupVal = this.group(groupName);
					if (groupVal !== null) res += groupVal;
					i = j + 1;
					last = i;
				} else throw new RE2JSGroupException("Illegal group reference");
				continue;
			}
			i++;
		}
		if (last < m) res += replacement.substring(last, m);
		return res;
	}
	/**
	* Expands |replacement| for the current match by the rules of String.prototype.replace
	* (ECMAScript GetSubstitution): $$ is "$", $& the match, $` the text before it, $' the text
	* after it, $n and $nn a group (two digits only when they form a valid group number, so with
	* one group "$10" is group 1 then "0"; an unmatched group is empty), and $<name> a named group
	* (empty when no such group), only when the pattern has named groups. Anything else, such as
	* "$0" or "$<" without a closing ">", is kept as is.
	* @param {string} replacement - the replacement string
	* @returns {string}
	* @private
	*/
	appendReplacementInternalJs(replacement) {
		const isDigit = (c) => c >= 48 && c <= 57;
		const groupCount = this.patternGroupCount;
		let res = "";
		let i = 0;
		while (i < replacement.length) {
			const dollar = replacement.indexOf("$", i);
			if (dollar < 0) break;
			res += replacement.substring(i, dollar);
			i = dollar;
			const c = replacement.charCodeAt(i + 1);
			if (c === Codepoint.CODES["$"]) {
				res += "$";
				i += 2;
			} else if (c === Codepoint.CODES["&"]) {
				res += this.group(0);
				i += 2;
			} else if (c === Codepoint.CODES["`"]) {
				res += this.substring(0, this.start(0));
				i += 2;
			} else if (c === Codepoint.CODES["'"]) {
				res += this.substring(this.end(0), this.matcherInputLength);
				i += 2;
			} else if (isDigit(c)) {
				let digits = 1;
				let index = c - 48;
				const c2 = replacement.charCodeAt(i + 2);
				if (isDigit(c2) && index * 10 + c2 - 48 <= groupCount) {
					digits = 2;
					index = index * 10 + c2 - 48;
				}
				if (index >= 1 && index <= groupCount) {
					const group = this.group(index);
					if (group !== null) res += group;
				} else res += replacement.substring(i, i + 1 + digits);
				i += 1 + digits;
			} else if (c === Codepoint.CODES["<"] && this.hasNamedGroups) {
				const gt = replacement.indexOf(">", i + 2);
				if (gt < 0) {
					res += "$<";
					i += 2;
				} else {
					const name = replacement.substring(i + 2, gt);
					if (Object.hasOwn(this.namedGroups, name)) {
						const group = this.group(name);
						if (group !== null) res += group;
					}
					i = gt + 1;
				}
			} else {
				res += "$";
				i += 1;
			}
		}
		return res + replacement.substring(i);
	}
	/**
	* Return the substring of the input from the append position to the end of the
	* input.
	* @returns {string}
	*/
	appendTail() {
		return this.substring(this.appendPos, this.matcherInputLength);
	}
	/**
	* Returns the input with all matches replaced by {@code replacement}, interpreted as for
	* {@code appendReplacement}.
	*
	* @param {string|((...args: any[]) => string)} replacement - the replacement string or a replacer function
	* @param {boolean} [javaMode=false] - activate java mode (different behaviour for capture groups and special characters)
	* @returns {string} the input string with the matches replaced
	* @throws IndexOutOfBoundsException if replacement refers to an invalid group and javaMode is true
	*/
	replaceAll(replacement, javaMode = false) {
		return this.replace(replacement, true, javaMode);
	}
	/**
	* Returns the input with the first match replaced by {@code replacement}, interpreted as for
	* {@code appendReplacement}.
	*
	* @param {string|((...args: any[]) => string)} replacement - the replacement string or a replacer function
	* @param {boolean} [javaMode=false] - activate java mode (different behaviour for capture groups and special characters)
	* @returns {string} the input string with the first match replaced
	* @throws IndexOutOfBoundsException if replacement refers to an invalid group and javaMode is true
	*/
	replaceFirst(replacement, javaMode = false) {
		return this.replace(replacement, false, javaMode);
	}
	/**
	* Helper: replaceAll/replaceFirst hybrid.
	* @param {string|((...args: any[]) => string)} replacement - the replacement string or a replacer function
	* @param {boolean} [all=true] - replace all matches
	* @param {boolean} [javaMode=false] - activate java mode (different behaviour for capture groups and special characters)
	* @returns {string}
	* @private
	*/
	replace(replacement, all = true, javaMode = false) {
		let res = "";
		this.reset();
		const isFunc = typeof replacement === "function";
		let originalInput = null;
		if (isFunc) {
			if (this.groupCount() >= Matcher.MAX_REPLACER_ARGS) throw new RE2JSGroupException("Too many capture groups to safely invoke replacer function");
			originalInput = this.matcherInput.isUTF8Encoding() ? this.matcherInput.asBytes() : this.matcherInput.asCharSequence();
		}
		while (this.find()) {
			res += isFunc ? this.appendReplacementFunc(replacement, originalInput) : this.appendReplacement(replacement, javaMode);
			if (!all) break;
		}
		res += this.appendTail();
		return res;
	}
	/**
	* Evaluates a replacer function for the current match and appends the result,
	* along with any un-matched preceding text, advancing the append position.
	* @param {Function} replacer - the replacer function
	* @param {string|Uint8Array|number[]} originalInput - the cached original input reference
	* @returns {string} the evaluated string to append
	* @private
	*/
	appendReplacementFunc(replacer, originalInput) {
		let res = "";
		const s = this.start();
		const e = this.end();
		if (this.appendPos < s) res += this.substring(this.appendPos, s);
		this.appendPos = e;
		/** @type {unknown[]} */
		const args = this.matchArray();
		args.push(s, originalInput);
		if (this.hasNamedGroups) args.push(this.namedGroupsObject());
		res += String(replacer(...args));
		return res;
	}
	/**
	* The match and its groups, as the elements of a JS RegExpExecArray: undefined for a group that
	* did not take part in the match. Used by exec(), matchAll() and replacer functions.
	* @returns {Array<string|undefined>}
	* @private
	*/
	matchArray() {
		const result = [this.group(0)];
		for (let i = 1; i <= this.patternGroupCount; i++) {
			const group = this.group(i);
			result.push(group === null ? void 0 : group);
		}
		return result;
	}
	/**
	* The named groups, as the groups property of a JS RegExpExecArray: an object without a
	* prototype mapping each name to its group (undefined when it did not take part in the match),
	* or undefined when the pattern has no named groups.
	* @returns {Record<string, string|undefined>|undefined}
	* @private
	*/
	namedGroupsObject() {
		if (!this.hasNamedGroups) return;
		const result = this.getNamedGroups();
		for (const name in result) if (result[name] === null) result[name] = void 0;
		return result;
	}
};
// src/Inst.js
/**
* A single instruction in the regular expression virtual machine.
*
* @see http://swtch.com/~rsc/regexp/regexp2.html
*/
var Inst = class Inst {
	static ALT = 1;
	static ALT_MATCH = 2;
	static CAPTURE = 3;
	static EMPTY_WIDTH = 4;
	static FAIL = 5;
	static MATCH = 6;
	static NOP = 7;
	static RUNE = 8;
	static RUNE1 = 9;
	static RUNE_ANY = 10;
	static RUNE_ANY_NOT_NL = 11;
	static LB_WRITE = 12;
	static LB_CHECK = 13;
	static isRuneOp(op) {
		return Inst.RUNE <= op && op <= Inst.RUNE_ANY_NOT_NL;
	}
	static escapeRunes(runes) {
		let out = "\"";
		for (let rune of runes) out += Utils.escapeRune(rune);
		out += "\"";
		return out;
	}
	constructor(op) {
		this.op = op;
		this.out = 0;
		this.arg = 0;
		/** @type {Int32Array} */
		this.runes = /* @__PURE__ */ new Int32Array(0);
		/** @type {Uint32Array | number[] | null} */
		this.next = null;
	}
	matchRune(r) {
		if (this.runes.length === 1) {
			const r0 = this.runes[0];
			if ((this.arg & RE2Flags.FOLD_CASE) !== 0) return Unicode.equalsIgnoreCase(r0, r);
			return r === r0;
		}
		const len = this.runes.length;
		if (len === 0) return false;
		if (len === 2 || len === 4 || len === 6 || len === 8) {
			for (let j = 0; j < len; j += 2) {
				if (r < this.runes[j]) return false;
				if (r <= this.runes[j + 1]) return true;
			}
			return false;
		}
		let base = 0;
		let n = len >> 1;
		while (n > 1) {
			const half = n >> 1;
			base += this.runes[base + half << 1] <= r ? half : 0;
			n -= half;
		}
		base += this.runes[base << 1] <= r ? 1 : 0;
		const m = base - 1;
		return m >= 0 && r <= this.runes[m << 1 | 1];
	}
	matchRunePos(r) {
		if (this.runes.length === 1) {
			const r0 = this.runes[0];
			if ((this.arg & RE2Flags.FOLD_CASE) !== 0) return Unicode.equalsIgnoreCase(r0, r) ? 0 : -1;
			return r === r0 ? 0 : -1;
		}
		const len = this.runes.length;
		if (len === 0) return -1;
		if (len === 2 || len === 4 || len === 6 || len === 8) {
			for (let j = 0; j < len; j += 2) {
				if (r < this.runes[j]) return -1;
				if (r <= this.runes[j + 1]) return Math.floor(j / 2);
			}
			return -1;
		}
		let base = 0;
		let n = len >> 1;
		while (n > 1) {
			const half = n >> 1;
			base += this.runes[base + half << 1] <= r ? half : 0;
			n -= half;
		}
		base += this.runes[base << 1] <= r ? 1 : 0;
		const m = base - 1;
		return m >= 0 && r <= this.runes[m << 1 | 1] ? m : -1;
	}
	/**
	*
	* @returns {string}
	*/
	toString() {
		switch (this.op) {
			case Inst.ALT: return `alt -> ${this.out}, ${this.arg}`;
			case Inst.ALT_MATCH: return `altmatch -> ${this.out}, ${this.arg}`;
			case Inst.CAPTURE: return `cap ${this.arg} -> ${this.out}`;
			case Inst.EMPTY_WIDTH: return `empty ${this.arg} -> ${this.out}`;
			case Inst.MATCH: return `match${this.arg !== 0 ? ` ${this.arg}` : ""}`;
			case Inst.FAIL: return "fail";
			case Inst.NOP: return `nop -> ${this.out}`;
			case Inst.LB_WRITE: return `lbwrite ${this.arg} -> ${this.out}`;
			case Inst.LB_CHECK: return `lbcheck ${this.arg} -> ${this.out}`;
			case Inst.RUNE:
				if (this.runes === null) return "rune <null>";
				return [
					"rune ",
					Inst.escapeRunes(this.runes),
					(this.arg & RE2Flags.FOLD_CASE) !== 0 ? "/i" : "",
					" -> ",
					this.out
				].join("");
			case Inst.RUNE1: return `rune1 ${Inst.escapeRunes(this.runes)} -> ${this.out}`;
			case Inst.RUNE_ANY: return `any -> ${this.out}`;
			case Inst.RUNE_ANY_NOT_NL: return `anynotnl -> ${this.out}`;
			default: throw new Error("unhandled case in Inst.toString");
		}
	}
};
// src/Machine.js
var Queue = class Queue {
	constructor(numInst) {
		this.sparse = new Int32Array(numInst);
		this.densePcs = new Int32Array(numInst);
		this.denseCaps = null;
		this.size = 0;
		this.ncap = 0;
		this.mainThreads = 0;
	}
	static INITIAL_THREADS = 32;
	init(ncap) {
		this.ncap = ncap;
		const needed = Math.min(this.densePcs.length, Queue.INITIAL_THREADS) * ncap;
		if (!this.denseCaps || this.denseCaps.length < needed) this.denseCaps = new Int32Array(needed);
	}
	growCaps(needed) {
		const limit = this.densePcs.length * this.ncap;
		const grown = new Int32Array(Math.min(limit, Math.max(needed, 2 * this.denseCaps.length)));
		grown.set(this.denseCaps);
		this.denseCaps = grown;
	}
	contains(pc) {
		const j = this.sparse[pc];
		return j < this.size && this.densePcs[j] === pc;
	}
	isEmpty() {
		return this.size === 0;
	}
	add(pc) {
		const j = this.size++;
		this.sparse[pc] = j;
		this.densePcs[j] = pc;
		return j;
	}
	clear() {
		this.size = 0;
		this.mainThreads = 0;
	}
	toString() {
		let out = "{";
		for (let i = 0; i < this.size; i++) {
			if (i !== 0) out += ", ";
			out += this.densePcs[i];
		}
		out += "}";
		return out;
	}
};
var LookbehindState = class {
	constructor(prog) {
		this.pos = -1;
		this.pcs = new Int32Array(prog.numInst());
		this.size = 0;
		this.lbTable = new Int32Array(prog.numLb + 1);
	}
	reset() {
		this.pos = -1;
		this.size = 0;
	}
};
var Machine = class Machine {
	static fromRE2(re2) {
		const m = new Machine();
		m.prog = re2.prog;
		m.re2 = re2;
		m.q0 = new Queue(m.prog.numInst());
		m.q1 = new Queue(m.prog.numInst());
		m.addStack = new Int32Array(2 * (m.prog.numInst() + 1));
		m.matched = false;
		m.matchcap = new Int32Array(m.prog.numCap < 2 ? 2 : m.prog.numCap);
		m.ncap = 0;
		return m;
	}
	constructor() {
		this.prog = null;
		this.re2 = null;
		this.q0 = null;
		this.q1 = null;
		this.addStack = null;
		this.matched = false;
		this.matchcap = null;
		this.ncap = 0;
		this.lbTable = null;
	}
	init(ncap) {
		this.ncap = ncap;
		if (ncap > this.matchcap.length) this.matchcap = new Int32Array(ncap).fill(-1);
		else this.matchcap.fill(-1);
		this.q0.init(ncap);
		this.q1.init(ncap);
		if (this.prog.numLb > 0) {
			if (!this.lbTable || this.lbTable.length < this.prog.numLb + 1) this.lbTable = new Int32Array(this.prog.numLb + 1);
			this.lbTable.fill(-1);
		}
	}
	submatches() {
		if (this.ncap === 0) return Utils.emptyInts();
		return Utils.toArray(this.matchcap.subarray(0, this.ncap));
	}
	match(input, pos, anchor, lbState = null) {
		const startCond = this.re2.cond;
		if (startCond === Utils.EMPTY_ALL) return false;
		if ((anchor === RE2Flags.ANCHOR_START || anchor === RE2Flags.ANCHOR_BOTH) && pos !== 0) return false;
		this.matched = false;
		this.matchcap.fill(-1);
		const hasLookbehinds = this.prog.numLb > 0;
		const matchStartPos = pos;
		let currentPos = pos;
		let resumeLookbehinds = false;
		if (hasLookbehinds) {
			if (lbState !== null && lbState.pos >= 0 && lbState.pos <= pos) {
				currentPos = lbState.pos;
				resumeLookbehinds = true;
			} else currentPos = 0;
		}
		let saveLookbehinds = hasLookbehinds && lbState !== null;
		let runq = this.q0;
		let nextq = this.q1;
		let r = input.step(currentPos);
		let rune = r >> 3;
		let width = r & 7;
		let rune1 = -1;
		let width1 = 0;
		if (r !== MachineInputBase.EOF()) {
			r = input.step(currentPos + width);
			rune1 = r >> 3;
			width1 = r & 7;
		}
		let flag;
		if (currentPos === 0) flag = Utils.emptyOpContext(-1, rune);
		else flag = input.context(currentPos);
		if (hasLookbehinds) {
			if (resumeLookbehinds) this.restoreLookbehinds(lbState, runq, flag);
			else this.spawnLookbehinds(runq, currentPos, flag);
		}
		while (true) {
			if (runq.mainThreads === 0) {
				if ((startCond & Utils.EMPTY_BEGIN_TEXT) !== 0 && currentPos !== 0) break;
				if ((anchor === RE2Flags.ANCHOR_START || anchor === RE2Flags.ANCHOR_BOTH) && currentPos !== 0) break;
				if (this.matched) break;
				if (this.prog.numLb === 0 && runq.isEmpty() && !(this.re2.prefix.length === 0) && rune1 !== this.re2.prefixRune && input.canCheckPrefix()) {
					const advance = input.index(this.re2, currentPos);
					if (advance < 0) break;
					currentPos += advance;
					r = input.step(currentPos);
					rune = r >> 3;
					width = r & 7;
					r = input.step(currentPos + width);
					rune1 = r >> 3;
					width1 = r & 7;
					flag = input.context(currentPos);
				}
			}
			if (currentPos >= matchStartPos) {
				if (saveLookbehinds) {
					this.saveLookbehinds(lbState, runq, currentPos);
					saveLookbehinds = false;
				}
				if (!this.matched && (currentPos === 0 || anchor === RE2Flags.UNANCHORED)) {
					if (this.ncap > 0) this.matchcap[0] = currentPos;
					this.add(runq, this.prog.start, currentPos, this.matchcap, 0, flag);
				}
			}
			const nextPos = currentPos + width;
			flag = input.context(nextPos);
			this.step(runq, nextq, currentPos, nextPos, rune, flag, anchor, currentPos === input.endPos());
			if (width === 0) break;
			if (this.ncap === 0 && this.matched) break;
			currentPos += width;
			rune = rune1;
			width = width1;
			if (rune !== -1) {
				r = input.step(currentPos + width);
				rune1 = r >> 3;
				width1 = r & 7;
			}
			const tmpq = runq;
			runq = nextq;
			nextq = tmpq;
		}
		runq.clear();
		nextq.clear();
		return this.matched;
	}
	matchSet(input, pos, anchor) {
		const startCond = this.re2.cond;
		if (startCond === Utils.EMPTY_ALL) return [];
		if ((anchor === RE2Flags.ANCHOR_START || anchor === RE2Flags.ANCHOR_BOTH) && pos !== 0) return [];
		let currentPos = this.prog.numLb > 0 ? 0 : pos;
		let matchStartPos = pos;
		let runq = this.q0;
		let nextq = this.q1;
		let r = input.step(currentPos);
		let rune = r >> 3;
		let width = r & 7;
		let rune1 = -1;
		let width1 = 0;
		if (r !== MachineInputBase.EOF()) {
			r = input.step(currentPos + width);
			rune1 = r >> 3;
			width1 = r & 7;
		}
		let flag = currentPos === 0 ? Utils.emptyOpContext(-1, rune) : input.context(currentPos);
		const matches = /* @__PURE__ */ new Set();
		if (this.prog.numLb > 0) this.spawnLookbehinds(runq, currentPos, flag);
		while (true) {
			if (runq.mainThreads === 0) {
				if ((startCond & Utils.EMPTY_BEGIN_TEXT) !== 0 && currentPos !== 0) break;
				if ((anchor === RE2Flags.ANCHOR_START || anchor === RE2Flags.ANCHOR_BOTH) && currentPos !== 0) break;
			}
			if (currentPos === 0 || anchor === RE2Flags.UNANCHORED) {
				if (currentPos >= matchStartPos) this.add(runq, this.prog.start, currentPos, this.matchcap, 0, flag);
			}
			const nextPos = currentPos + width;
			flag = input.context(nextPos);
			for (let j = 0; j < runq.size; j++) {
				const pc = runq.densePcs[j];
				const i = this.prog.inst[pc];
				const capOffset = j * this.ncap;
				let add = false;
				switch (i.op) {
					case Inst.MATCH:
						if (anchor === RE2Flags.ANCHOR_BOTH && currentPos !== input.endPos()) break;
						matches.add(i.arg);
						break;
					case Inst.RUNE:
						add = i.matchRune(rune);
						break;
					case Inst.RUNE1:
						add = rune === i.runes[0];
						break;
					case Inst.RUNE_ANY:
						add = true;
						break;
					case Inst.RUNE_ANY_NOT_NL:
						add = rune !== 10;
						break;
					default: continue;
				}
				if (add) this.add(nextq, i.out, nextPos, runq.denseCaps, capOffset, flag);
			}
			runq.clear();
			if (width === 0) break;
			currentPos += width;
			rune = rune1;
			width = width1;
			if (rune !== -1) {
				r = input.step(currentPos + width);
				rune1 = r >> 3;
				width1 = r & 7;
			}
			const tmpq = runq;
			runq = nextq;
			nextq = tmpq;
		}
		nextq.clear();
		return Array.from(matches).sort((a, b) => a - b);
	}
	step(runq, nextq, pos, nextPos, c, nextCond, anchor, atEnd) {
		const longest = this.re2.longest;
		for (let j = 0; j < runq.size; j++) {
			const pc = runq.densePcs[j];
			const capOffset = j * this.ncap;
			if (longest && this.matched && this.ncap > 0 && this.matchcap[0] < runq.denseCaps[capOffset]) continue;
			const i = this.prog.inst[pc];
			let add = false;
			switch (i.op) {
				case Inst.MATCH:
					if (anchor === RE2Flags.ANCHOR_BOTH && !atEnd) break;
					if (this.ncap > 0 && (!longest || !this.matched || this.matchcap[1] < pos)) {
						runq.denseCaps[capOffset + 1] = pos;
						for (let k = 0; k < this.ncap; k++) this.matchcap[k] = runq.denseCaps[capOffset + k];
					}
					if (!longest) runq.size = 0;
					this.matched = true;
					break;
				case Inst.RUNE:
					add = i.matchRune(c);
					break;
				case Inst.RUNE1:
					add = c === i.runes[0];
					break;
				case Inst.RUNE_ANY:
					add = true;
					break;
				case Inst.RUNE_ANY_NOT_NL:
					add = c !== 10;
					break;
				default: continue;
			}
			if (add) this.add(nextq, i.out, nextPos, runq.denseCaps, capOffset, nextCond);
		}
		runq.clear();
	}
	spawnLookbehinds(q, pos, flag) {
		for (let i = 0; i < this.prog.lbStarts.length; i++) this.add(q, this.prog.lbStarts[i], pos, this.matchcap, 0, flag);
	}
	restoreLookbehinds(lbState, q, flag) {
		this.lbTable.set(lbState.lbTable);
		for (let j = 0; j < lbState.size; j++) this.add(q, lbState.pcs[j], lbState.pos, this.matchcap, 0, flag);
	}
	saveLookbehinds(lbState, q, pos) {
		let size = 0;
		for (let j = 0; j < q.size; j++) {
			const pc = q.densePcs[j];
			if (this.prog.lbInst[pc] === 1 && Inst.isRuneOp(this.prog.inst[pc].op)) lbState.pcs[size++] = pc;
		}
		lbState.size = size;
		lbState.pos = pos;
		lbState.lbTable.set(this.lbTable);
	}
	add(q, pc, pos, capArray, capOffset, cond) {
		const stk = this.addStack;
		let nstk = 0;
		for (;;) {
			while (pc !== 0 && !q.contains(pc)) {
				const d = q.add(pc);
				const inst = this.prog.inst[pc];
				switch (inst.op) {
					case Inst.FAIL:
						pc = 0;
						break;
					case Inst.ALT:
					case Inst.ALT_MATCH:
						stk[nstk++] = inst.arg;
						stk[nstk++] = 0;
						pc = inst.out;
						break;
					case Inst.EMPTY_WIDTH:
						pc = (inst.arg & ~cond) === 0 ? inst.out : 0;
						break;
					case Inst.NOP:
						pc = inst.out;
						break;
					case Inst.CAPTURE:
						if (inst.arg < this.ncap) {
							stk[nstk++] = -inst.arg - 1;
							stk[nstk++] = capArray[capOffset + inst.arg];
							capArray[capOffset + inst.arg] = pos;
						}
						pc = inst.out;
						break;
					case Inst.LB_WRITE:
						this.lbTable[Math.abs(inst.arg)] = pos;
						pc = inst.out;
						break;
					case Inst.LB_CHECK:
						if (inst.arg > 0) pc = this.lbTable[inst.arg] === pos ? inst.out : 0;
						else pc = this.lbTable[-inst.arg] !== pos ? inst.out : 0;
						break;
					case Inst.MATCH:
					case Inst.RUNE:
					case Inst.RUNE1:
					case Inst.RUNE_ANY:
					case Inst.RUNE_ANY_NOT_NL:
						if (this.prog.lbInst[pc] === 0) q.mainThreads++;
						if (this.ncap > 0) {
							const destOffset = d * this.ncap;
							if (destOffset + this.ncap > q.denseCaps.length) q.growCaps(destOffset + this.ncap);
							for (let c = 0; c < this.ncap; c++) q.denseCaps[destOffset + c] = capArray[capOffset + c];
						}
						pc = 0;
						break;
					default: throw new RE2JSInternalException("unhandled");
				}
			}
			if (nstk === 0) return;
			nstk -= 2;
			const entry = stk[nstk];
			if (entry < 0) {
				capArray[capOffset - entry - 1] = stk[nstk + 1];
				pc = 0;
			} else pc = entry;
		}
	}
};
// src/DFA.js
const hashState = (pcs, flag, ids) => {
	let h = -2128831035;
	for (let i = 0; i < pcs.length; i++) {
		h ^= pcs[i];
		h = Math.imul(h, 16777619);
	}
	h ^= flag;
	h = Math.imul(h, 16777619);
	for (let i = 0; i < ids.length; i++) {
		h ^= ids[i];
		h = Math.imul(h, 16777619);
	}
	return h;
};
const arraysEqual = (a, b) => {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
};
const isState = (state, pcs, flag, ids) => state.flag === flag && arraysEqual(state.nfaStates, pcs) && arraysEqual(state.matchIDs, ids);
const NO_IDS = [];
const END_TEXT = -1;
var DFAState = class {
	constructor(nfaStates, flag, matchIDs) {
		this.nfaStates = nfaStates;
		this.flag = flag;
		this.isMatch = (flag & DFA.FLAG_MATCH) !== 0;
		this.matchIDs = matchIDs;
		this.next = null;
		this.nextAnchored = null;
	}
};
var DFA = class DFA {
	static FLAG_EMPTY_MASK = 255;
	static FLAG_MATCH = 256;
	static FLAG_LAST_WORD = 512;
	static FLAG_NEED_SHIFT = 16;
	static STATE_OVERHEAD = 150;
	static ARRAY_OVERHEAD = 40;
	static ELEMENT_SIZE = 8;
	static TABLE_OVERHEAD = 48;
	static PROGRESS_PER_STATE = 10;
	constructor(prog, maxMem = 8388608) {
		this.prog = prog;
		this.maxMem = maxMem;
		this.stateCache = /* @__PURE__ */ new Map();
		this.stateCount = 0;
		this.startStates = /* @__PURE__ */ new Map();
		this.failed = false;
		for (let pc = 0; pc < prog.numInst(); pc++) {
			const op = prog.getInst(pc).op;
			if (op === Inst.LB_WRITE || op === Inst.LB_CHECK) {
				this.failed = true;
				break;
			}
		}
		this.computeRuneClasses();
		this.stateBudget = maxMem;
		this.memBudget = maxMem;
	}
	computeRuneClasses() {
		const bounds = /* @__PURE__ */ new Set();
		const addRange = (lo, hi) => {
			bounds.add(lo);
			bounds.add(hi + 1);
		};
		for (let pc = 0; pc < this.prog.numInst(); pc++) {
			const inst = this.prog.getInst(pc);
			switch (inst.op) {
				case Inst.RUNE:
				case Inst.RUNE1:
					if (inst.runes.length === 1) {
						addRange(inst.runes[0], inst.runes[0]);
						if ((inst.arg & RE2Flags.FOLD_CASE) !== 0) for (let f = Unicode.simpleFold(inst.runes[0]); f !== inst.runes[0]; f = Unicode.simpleFold(f)) addRange(f, f);
					} else for (let j = 0; j < inst.runes.length; j += 2) addRange(inst.runes[j], inst.runes[j + 1]);
					break;
				case Inst.RUNE_ANY_NOT_NL:
					addRange(10, 10);
					break;
				case Inst.EMPTY_WIDTH:
					if ((inst.arg & (Utils.EMPTY_BEGIN_LINE | Utils.EMPTY_END_LINE)) !== 0) addRange(10, 10);
					if ((inst.arg & (Utils.EMPTY_WORD_BOUNDARY | Utils.EMPTY_NO_WORD_BOUNDARY)) !== 0) {
						addRange(48, 57);
						addRange(65, 90);
						addRange(95, 95);
						addRange(97, 122);
					}
			}
		}
		bounds.delete(0);
		this.classBounds = Int32Array.from(bounds).sort();
		this.numClasses = this.classBounds.length + 1;
		const latin1Class = new Int32Array(Unicode.MAX_LATIN1 + 1);
		for (let r = 0; r <= Unicode.MAX_LATIN1; r++) latin1Class[r] = this.searchClass(r);
		this.latin1Class = latin1Class;
	}
	runeClass(r) {
		if (r <= Unicode.MAX_LATIN1) return this.latin1Class[r];
		return this.searchClass(r);
	}
	searchClass(r) {
		const bounds = this.classBounds;
		let lo = 0;
		let hi = bounds.length;
		while (lo < hi) {
			const mid = lo + hi >> 1;
			if (bounds[mid] <= r) lo = mid + 1;
			else hi = mid;
		}
		return lo;
	}
	closure(pcs, flag) {
		const closure = /* @__PURE__ */ new Set();
		const stack = Array.from(pcs);
		let needflags = 0;
		while (stack.length > 0) {
			const pc = stack.pop();
			if (pc === 0 || closure.has(pc)) continue;
			closure.add(pc);
			const inst = this.prog.getInst(pc);
			switch (inst.op) {
				case Inst.ALT:
				case Inst.ALT_MATCH:
					stack.push(inst.out);
					stack.push(inst.arg);
					break;
				case Inst.NOP:
				case Inst.CAPTURE:
					stack.push(inst.out);
					break;
				case Inst.EMPTY_WIDTH:
					needflags |= inst.arg;
					if ((inst.arg & ~flag) === 0) stack.push(inst.out);
			}
		}
		return {
			pcs: Array.from(closure).sort((a, b) => a - b),
			needflags
		};
	}
	getState(pcs, flag, ids) {
		const hash = hashState(pcs, flag, ids);
		const cached = this.stateCache.get(hash);
		if (cached instanceof DFAState) {
			if (isState(cached, pcs, flag, ids)) return cached;
		} else if (cached !== void 0) {
			for (let i = 0; i < cached.length; i++) if (isState(cached[i], pcs, flag, ids)) return cached[i];
		}
		const cost = DFA.stateCost(pcs, ids);
		if (this.memBudget < cost) return null;
		this.memBudget -= cost;
		const state = new DFAState(pcs, flag, ids);
		if (cached === void 0) this.stateCache.set(hash, state);
		else if (cached instanceof DFAState) this.stateCache.set(hash, [cached, state]);
		else cached.push(state);
		this.stateCount++;
		return state;
	}
	static stateCost(pcs, ids) {
		const idsCost = ids.length === 0 ? 0 : DFA.ARRAY_OVERHEAD + DFA.ELEMENT_SIZE * ids.length;
		return DFA.STATE_OVERHEAD + DFA.ELEMENT_SIZE * pcs.length + idsCost;
	}
	*cachedStates() {
		for (const cached of this.stateCache.values()) if (cached instanceof DFAState) yield cached;
		else yield* cached;
	}
	makeState(pcs, flag, ids) {
		const closure = this.closure(pcs, flag & DFA.FLAG_EMPTY_MASK);
		let stateFlag = flag;
		if (closure.needflags === 0) stateFlag &= DFA.FLAG_MATCH;
		stateFlag |= closure.needflags << DFA.FLAG_NEED_SHIFT;
		return this.getState(closure.pcs, stateFlag, ids);
	}
	allocTable(state, anchor) {
		const size = this.numClasses + 1;
		const cost = DFA.TABLE_OVERHEAD + DFA.ELEMENT_SIZE * size;
		if (this.memBudget < cost) return null;
		this.memBudget -= cost;
		const table = new Array(size).fill(null);
		if (anchor === RE2Flags.UNANCHORED) state.next = table;
		else state.nextAnchored = table;
		return table;
	}
	clearCache() {
		this.stateCache.clear();
		this.stateCount = 0;
		this.startStates.clear();
		this.memBudget = this.stateBudget;
	}
	resetCache(current) {
		this.clearCache();
		return this.getState(current.nfaStates, current.flag, current.matchIDs);
	}
	step(state, cls, rune, anchor) {
		let table = anchor === RE2Flags.UNANCHORED ? state.next : state.nextAnchored;
		if (table !== null) {
			const cached = table[cls];
			if (cached !== null) return cached;
		} else {
			table = this.allocTable(state, anchor);
			if (table === null) return null;
		}
		const needflag = state.flag >>> DFA.FLAG_NEED_SHIFT;
		const oldbeforeflag = state.flag & DFA.FLAG_EMPTY_MASK;
		let beforeflag = oldbeforeflag;
		let afterflag = 0;
		if (rune === 10) {
			beforeflag |= Utils.EMPTY_END_LINE;
			afterflag |= Utils.EMPTY_BEGIN_LINE;
		}
		if (rune === END_TEXT) beforeflag |= Utils.EMPTY_END_LINE | Utils.EMPTY_END_TEXT;
		const islastword = (state.flag & DFA.FLAG_LAST_WORD) !== 0;
		const isword = rune !== END_TEXT && Utils.isWordRune(rune);
		beforeflag |= isword === islastword ? Utils.EMPTY_NO_WORD_BOUNDARY : Utils.EMPTY_WORD_BOUNDARY;
		let pcs = state.nfaStates;
		if ((beforeflag & ~oldbeforeflag & needflag) !== 0) pcs = this.closure(pcs, beforeflag).pcs;
		const nextPCs = [];
		let ismatch = false;
		let ids = NO_IDS;
		for (let i = 0; i < pcs.length; i++) {
			const inst = this.prog.getInst(pcs[i]);
			if (inst.op === Inst.MATCH) {
				if (!ismatch) {
					ismatch = true;
					ids = [];
				}
				ids.push(inst.arg);
			} else if (rune !== END_TEXT && Inst.isRuneOp(inst.op) && inst.matchRune(rune)) nextPCs.push(inst.out);
		}
		if (ids.length > 1) ids.sort((a, b) => a - b);
		if (anchor === RE2Flags.UNANCHORED && rune !== END_TEXT) nextPCs.push(this.prog.start);
		let flag = afterflag;
		if (ismatch) flag |= DFA.FLAG_MATCH;
		if (isword) flag |= DFA.FLAG_LAST_WORD;
		const nextState = this.makeState(nextPCs, flag, ids);
		if (nextState === null) return null;
		table[cls] = nextState;
		return nextState;
	}
	start(input, pos) {
		const context = input.context(pos);
		let flags;
		if ((context & Utils.EMPTY_BEGIN_TEXT) !== 0) flags = Utils.EMPTY_BEGIN_TEXT | Utils.EMPTY_BEGIN_LINE;
		else if ((context & Utils.EMPTY_BEGIN_LINE) !== 0) flags = Utils.EMPTY_BEGIN_LINE;
		else {
			const r = input.step(pos);
			const nextIsWord = r >= 0 && Utils.isWordRune(r >> 3);
			flags = (context & Utils.EMPTY_WORD_BOUNDARY) !== 0 !== nextIsWord ? DFA.FLAG_LAST_WORD : 0;
		}
		let state = this.startStates.get(flags);
		if (state === void 0) {
			state = this.makeState([this.prog.start], flags, NO_IDS);
			if (state === null) {
				this.clearCache();
				state = this.makeState([this.prog.start], flags, NO_IDS);
				if (state === null) return null;
			}
			this.startStates.set(flags, state);
		}
		return state;
	}
	stepOrReset(state, cls, rune, anchor, pos, search) {
		let next = this.step(state, cls, rune, anchor);
		if (next !== null) return next;
		if (search.resetPos >= 0 && pos - search.resetPos < DFA.PROGRESS_PER_STATE * this.stateCount) return null;
		search.resetPos = pos;
		const restored = this.resetCache(state);
		if (restored === null) return null;
		next = this.step(restored, cls, rune, anchor);
		return next;
	}
	run(input, pos, anchor, state, onMatch) {
		const endPos = input.endPos();
		const latin1Class = this.latin1Class;
		const unanchored = anchor === RE2Flags.UNANCHORED;
		const search = { resetPos: -1 };
		let i = pos;
		while (i < endPos) {
			const r = input.step(i);
			const rune = r >> 3;
			const width = r & 7;
			if (width === 0) break;
			const cls = rune <= Unicode.MAX_LATIN1 ? latin1Class[rune] : this.runeClass(rune);
			let next = unanchored && state.next !== null ? state.next[cls] : null;
			if (next === null) {
				next = this.stepOrReset(state, cls, rune, anchor, i, search);
				if (next === null) return null;
			}
			state = next;
			if (state.isMatch && onMatch(state, false)) return true;
			if (!unanchored && state.nfaStates.length === 0) return false;
			i += width;
		}
		state = this.stepOrReset(state, this.numClasses, END_TEXT, anchor, i, search);
		if (state === null) return null;
		return state.isMatch && onMatch(state, true);
	}
	match(input, pos, anchor) {
		if (this.failed) return null;
		if ((anchor === RE2Flags.ANCHOR_START || anchor === RE2Flags.ANCHOR_BOTH) && pos !== 0) return false;
		const startState = this.start(input, pos);
		if (startState === null) return null;
		return this.run(input, pos, anchor, startState, (state, atEnd) => anchor !== RE2Flags.ANCHOR_BOTH || atEnd);
	}
	matchSet(input, pos, anchor) {
		if (this.failed) return null;
		if ((anchor === RE2Flags.ANCHOR_START || anchor === RE2Flags.ANCHOR_BOTH) && pos !== 0) return [];
		const startState = this.start(input, pos);
		if (startState === null) return null;
		const matches = /* @__PURE__ */ new Set();
		const collect = (state, atEnd) => {
			if (anchor !== RE2Flags.ANCHOR_BOTH || atEnd) for (let k = 0; k < state.matchIDs.length; k++) matches.add(state.matchIDs[k]);
			return false;
		};
		if (this.run(input, pos, anchor, startState, collect) === null) return null;
		return Array.from(matches).sort((a, b) => a - b);
	}
};
// src/Backtracker.js
const VISITED_BITS = 32;
const MAX_BACKTRACK_PROG = 500;
const INITIAL_JOB_CAPACITY = 256;
const MAX_BACKTRACK_VECTOR = 262144;
var BitState = class {
	constructor() {
		this.end = 0;
		this.cap = /* @__PURE__ */ new Int32Array(0);
		this.matchcap = /* @__PURE__ */ new Int32Array(0);
		this.ncap = 0;
		this.jobPc = new Int32Array(INITIAL_JOB_CAPACITY);
		this.jobArg = new Uint8Array(INITIAL_JOB_CAPACITY);
		this.jobPos = new Int32Array(INITIAL_JOB_CAPACITY);
		this.jobLen = 0;
		this.visited = /* @__PURE__ */ new Uint32Array(0);
	}
	reset(prog, end, ncap) {
		this.end = end;
		this.jobLen = 0;
		this.ncap = ncap;
		const visitedSize = prog.numInst() * (end + 1) + VISITED_BITS - 1 >>> 5;
		if (this.visited.length < visitedSize) this.visited = new Uint32Array(visitedSize);
		else this.visited.fill(0, 0, visitedSize);
		if (this.cap.length < ncap) this.cap = new Int32Array(ncap).fill(-1);
		else this.cap.fill(-1, 0, ncap);
		if (this.matchcap.length < ncap) this.matchcap = new Int32Array(ncap).fill(-1);
		else this.matchcap.fill(-1, 0, ncap);
	}
	shouldVisit(pc, pos) {
		const n = pc * (this.end + 1) + pos;
		const idx = n >>> 5;
		const mask = 1 << (n & 31);
		if ((this.visited[idx] & mask) !== 0) return false;
		this.visited[idx] |= mask;
		return true;
	}
	push(re2, pc, pos, arg) {
		if (re2.prog.getInst(pc).op !== Inst.FAIL && (arg || this.shouldVisit(pc, pos))) {
			if (this.jobLen >= this.jobPc.length) {
				const newSize = this.jobPc.length * 2;
				const newPc = new Int32Array(newSize);
				newPc.set(this.jobPc);
				this.jobPc = newPc;
				const newArg = new Uint8Array(newSize);
				newArg.set(this.jobArg);
				this.jobArg = newArg;
				const newPos = new Int32Array(newSize);
				newPos.set(this.jobPos);
				this.jobPos = newPos;
			}
			this.jobPc[this.jobLen] = pc;
			this.jobArg[this.jobLen] = arg ? 1 : 0;
			this.jobPos[this.jobLen] = pos;
			this.jobLen++;
		}
	}
	tryBacktrack(re2, input, pc, pos, anchor) {
		const longest = re2.longest;
		this.push(re2, pc, pos, false);
		while (this.jobLen > 0) {
			this.jobLen--;
			let currentPc = this.jobPc[this.jobLen];
			let arg = this.jobArg[this.jobLen] === 1;
			let currentPos = this.jobPos[this.jobLen];
			let skipShouldVisit = true;
			while (true) {
				if (!skipShouldVisit) {
					if (!this.shouldVisit(currentPc, currentPos)) break;
				}
				skipShouldVisit = false;
				const inst = re2.prog.getInst(currentPc);
				switch (inst.op) {
					case Inst.FAIL: break;
					case Inst.ALT: if (arg) {
						arg = false;
						currentPc = inst.arg;
						continue;
					} else {
						this.push(re2, currentPc, currentPos, true);
						currentPc = inst.out;
						continue;
					}
					case Inst.ALT_MATCH: {
						const outInst = re2.prog.getInst(inst.out);
						if (Inst.isRuneOp(outInst.op)) {
							this.push(re2, inst.arg, currentPos, false);
							currentPc = inst.arg;
							currentPos = this.end;
							continue;
						}
						this.push(re2, inst.out, this.end, false);
						currentPc = inst.out;
						continue;
					}
					case Inst.RUNE: {
						const r = input.step(currentPos);
						if (r === MachineInputBase.EOF()) break;
						if (!inst.matchRune(r >> 3)) break;
						currentPos += r & 7;
						currentPc = inst.out;
						continue;
					}
					case Inst.RUNE1: {
						const r = input.step(currentPos);
						if (r === MachineInputBase.EOF()) break;
						if (r >> 3 !== inst.runes[0]) break;
						currentPos += r & 7;
						currentPc = inst.out;
						continue;
					}
					case Inst.RUNE_ANY_NOT_NL: {
						const r = input.step(currentPos);
						if (r === MachineInputBase.EOF()) break;
						if (r >> 3 === 10) break;
						currentPos += r & 7;
						currentPc = inst.out;
						continue;
					}
					case Inst.RUNE_ANY: {
						const r = input.step(currentPos);
						if (r === MachineInputBase.EOF()) break;
						currentPos += r & 7;
						currentPc = inst.out;
						continue;
					}
					case Inst.CAPTURE: if (arg) {
						this.cap[inst.arg] = currentPos;
						break;
					} else {
						if (inst.arg < this.ncap) {
							this.push(re2, currentPc, this.cap[inst.arg], true);
							this.cap[inst.arg] = currentPos;
						}
						currentPc = inst.out;
						continue;
					}
					case Inst.EMPTY_WIDTH: {
						const flag = input.context(currentPos);
						if ((inst.arg & ~flag) !== 0) break;
						currentPc = inst.out;
						continue;
					}
					case Inst.NOP:
						currentPc = inst.out;
						continue;
					case Inst.MATCH: {
						if (anchor === RE2Flags.ANCHOR_BOTH && currentPos !== this.end) break;
						if (this.ncap === 0) return true;
						if (this.ncap > 1) this.cap[1] = currentPos;
						const old = this.matchcap[1];
						if (old === -1 || longest && currentPos > 0 && currentPos > old) this.matchcap.set(this.cap);
						if (!longest) return true;
						if (currentPos === this.end) return true;
						break;
					}
					case Inst.LB_WRITE:
					case Inst.LB_CHECK: throw new RE2JSInternalException("Backtracker cannot evaluate Lookbehind instructions");
					default: throw new RE2JSInternalException("bad inst");
				}
				break;
			}
		}
		return longest && this.matchcap.length > 1 && this.matchcap[1] >= 0;
	}
};
const bitStatePool = [];
var Backtracker = class Backtracker {
	static shouldBacktrack(prog) {
		return prog.numInst() <= MAX_BACKTRACK_PROG;
	}
	static maxBitStateLen(prog) {
		if (!Backtracker.shouldBacktrack(prog)) return 0;
		return Math.floor(MAX_BACKTRACK_VECTOR / prog.numInst());
	}
	static execute(re2, input, pos, anchor, ncap) {
		const startCond = re2.cond;
		if (startCond === Utils.EMPTY_ALL) return null;
		if ((anchor === RE2Flags.ANCHOR_START || anchor === RE2Flags.ANCHOR_BOTH) && pos !== 0) return null;
		if ((startCond & Utils.EMPTY_BEGIN_TEXT) !== 0 && pos !== 0) return null;
		const b = bitStatePool.length > 0 ? bitStatePool.pop() : new BitState();
		const end = input.endPos();
		b.reset(re2.prog, end, ncap);
		let matched = false;
		if ((startCond & Utils.EMPTY_BEGIN_TEXT) !== 0 || anchor === RE2Flags.ANCHOR_START || anchor === RE2Flags.ANCHOR_BOTH) {
			if (b.ncap > 0) b.cap[0] = pos;
			if (b.tryBacktrack(re2, input, re2.prog.start, pos, anchor)) matched = true;
		} else {
			let width = -1;
			for (; pos <= end && width !== 0; pos += width) {
				if (re2.prefix.length > 0) {
					const advance = input.index(re2, pos);
					if (advance < 0) break;
					pos += advance;
				}
				if (b.ncap > 0) b.cap[0] = pos;
				if (b.tryBacktrack(re2, input, re2.prog.start, pos, anchor)) {
					matched = true;
					break;
				}
				const r = input.step(pos);
				width = r === MachineInputBase.EOF() ? 0 : r & 7;
			}
		}
		if (!matched) {
			bitStatePool.push(b);
			return null;
		}
		const result = ncap === 0 ? [] : Utils.toArray(b.matchcap.subarray(0, ncap));
		bitStatePool.push(b);
		return result;
	}
};
// src/OnePass.js
var QueueOnePass = class {
	constructor(size) {
		this.sparse = new Uint32Array(size);
		this.dense = new Uint32Array(size);
		this.size = 0;
		this.nextIndex = 0;
	}
	empty() {
		return this.nextIndex >= this.size;
	}
	next() {
		return this.dense[this.nextIndex++];
	}
	clear() {
		this.size = 0;
		this.nextIndex = 0;
	}
	contains(u) {
		return u < this.sparse.length && this.sparse[u] < this.size && this.dense[this.sparse[u]] === u;
	}
	insert(u) {
		if (!this.contains(u)) this.insertNew(u);
	}
	insertNew(u) {
		if (u >= this.sparse.length) return;
		this.sparse[u] = this.size;
		this.dense[this.size] = u;
		this.size++;
	}
};
const mergeRuneSets = (leftRunes, rightRunes, leftPC, rightPC) => {
	const leftLen = leftRunes.length;
	const rightLen = rightRunes.length;
	let lx = 0, rx = 0;
	const merged = [];
	const next = [];
	let ok = true;
	let ix = -1;
	const extend = (isLeft) => {
		const newArray = isLeft ? leftRunes : rightRunes;
		const low = isLeft ? lx : rx;
		const pc = isLeft ? leftPC : rightPC;
		if (ix > 0 && newArray[low] <= merged[ix]) return false;
		merged.push(newArray[low], newArray[low + 1]);
		if (isLeft) lx += 2;
		else rx += 2;
		ix += 2;
		next.push(pc);
		return true;
	};
	while (lx < leftLen || rx < rightLen) {
		if (rx >= rightLen) ok = extend(true);
		else if (lx >= leftLen) ok = extend(false);
		else if (rightRunes[rx] < leftRunes[lx]) ok = extend(false);
		else ok = extend(true);
		if (!ok) return null;
	}
	return {
		merged,
		next
	};
};
var OnePassProg = class {
	constructor(prog) {
		this.start = prog.start;
		this.numCap = prog.numCap;
		this.inst = new Array(prog.inst.length);
		for (let i = 0; i < prog.inst.length; i++) {
			const orig = prog.inst[i];
			const inst = new Inst(orig.op);
			inst.out = orig.out;
			inst.arg = orig.arg;
			inst.runes = orig.runes ? new Int32Array(orig.runes) : /* @__PURE__ */ new Int32Array(0);
			inst.next = null;
			this.inst[i] = inst;
		}
	}
};
const onePassCopy = (prog) => {
	const p = new OnePassProg(prog);
	for (let pc = 0; pc < p.inst.length; pc++) {
		const inst = p.inst[pc];
		if (inst.op !== Inst.ALT && inst.op !== Inst.ALT_MATCH) continue;
		let pAOther = "out";
		let pAAlt = "arg";
		let instAlt = p.inst[inst[pAAlt]];
		if (instAlt.op !== Inst.ALT && instAlt.op !== Inst.ALT_MATCH) {
			pAOther = "arg";
			pAAlt = "out";
			instAlt = p.inst[inst[pAAlt]];
			if (instAlt.op !== Inst.ALT && instAlt.op !== Inst.ALT_MATCH) continue;
		}
		const instOther = p.inst[inst[pAOther]];
		if (instOther.op === Inst.ALT || instOther.op === Inst.ALT_MATCH) continue;
		let pBAlt = "out";
		let pBOther = "arg";
		let patch = false;
		if (instAlt.out === pc) patch = true;
		else if (instAlt.arg === pc) {
			patch = true;
			pBAlt = "arg";
			pBOther = "out";
		}
		if (patch) instAlt[pBAlt] = inst[pAOther];
		if (inst[pAOther] === instAlt[pBAlt]) inst[pAAlt] = instAlt[pBOther];
	}
	return p;
};
const makeOnePass = (p) => {
	if (p.inst.length >= 1e3) return null;
	const instQueue = new QueueOnePass(p.inst.length);
	const visitQueue = new QueueOnePass(p.inst.length);
	const onePassRunes = new Array(p.inst.length);
	const m = new Array(p.inst.length).fill(false);
	const check = (pc) => {
		let ok = true;
		const inst = p.inst[pc];
		if (visitQueue.contains(pc)) return true;
		visitQueue.insert(pc);
		switch (inst.op) {
			case Inst.ALT:
			case Inst.ALT_MATCH: {
				ok = check(inst.out) && check(inst.arg);
				let matchOut = m[inst.out];
				let matchArg = m[inst.arg];
				if (matchOut && matchArg) return false;
				if (matchArg) {
					const tempOut = inst.out;
					inst.out = inst.arg;
					inst.arg = tempOut;
					const tempMatch = matchOut;
					matchOut = matchArg;
					matchArg = tempMatch;
				}
				if (matchOut) {
					m[pc] = true;
					inst.op = Inst.ALT_MATCH;
				}
				const leftRunes = onePassRunes[inst.out] || [];
				const rightRunes = onePassRunes[inst.arg] || [];
				const mergeRes = mergeRuneSets(leftRunes, rightRunes, inst.out, inst.arg);
				if (!mergeRes) return false;
				onePassRunes[pc] = new Int32Array(mergeRes.merged);
				inst.next = new Uint32Array(mergeRes.next);
				break;
			}
			case Inst.CAPTURE:
			case Inst.EMPTY_WIDTH:
			case Inst.NOP:
				ok = check(inst.out);
				m[pc] = m[inst.out];
				onePassRunes[pc] = onePassRunes[inst.out] ? new Int32Array(onePassRunes[inst.out]) : /* @__PURE__ */ new Int32Array(0);
				inst.next = new Uint32Array(Math.floor(onePassRunes[pc].length / 2) + 1).fill(inst.out);
				break;
			case Inst.MATCH:
			case Inst.FAIL:
				m[pc] = inst.op === Inst.MATCH;
				break;
			case Inst.RUNE: {
				m[pc] = false;
				if (inst.next && inst.next.length > 0) break;
				instQueue.insert(inst.out);
				if (!inst.runes || inst.runes.length === 0) {
					onePassRunes[pc] = /* @__PURE__ */ new Int32Array(0);
					inst.next = new Uint32Array([inst.out]);
					break;
				}
				let runes = [];
				if (inst.runes.length === 1 && (inst.arg & RE2Flags.FOLD_CASE) !== 0) {
					const r0 = inst.runes[0];
					runes.push(r0, r0);
					for (let r1 = Unicode.simpleFold(r0); r1 !== r0; r1 = Unicode.simpleFold(r1)) runes.push(r1, r1);
					runes.sort((a, b) => a - b);
				} else for (let j = 0; j < inst.runes.length; j++) runes.push(inst.runes[j]);
				onePassRunes[pc] = new Int32Array(runes);
				inst.next = new Uint32Array(Math.floor(runes.length / 2) + 1).fill(inst.out);
				inst.op = Inst.RUNE;
				break;
			}
			case Inst.RUNE1: {
				m[pc] = false;
				if (inst.next && inst.next.length > 0) break;
				instQueue.insert(inst.out);
				let runes = [];
				if ((inst.arg & RE2Flags.FOLD_CASE) !== 0) {
					const r0 = inst.runes[0];
					runes.push(r0, r0);
					for (let r1 = Unicode.simpleFold(r0); r1 !== r0; r1 = Unicode.simpleFold(r1)) runes.push(r1, r1);
					runes.sort((a, b) => a - b);
				} else runes.push(inst.runes[0], inst.runes[0]);
				onePassRunes[pc] = new Int32Array(runes);
				inst.next = new Uint32Array(Math.floor(runes.length / 2) + 1).fill(inst.out);
				inst.op = Inst.RUNE;
				break;
			}
			case Inst.RUNE_ANY:
				m[pc] = false;
				if (inst.next && inst.next.length > 0) break;
				instQueue.insert(inst.out);
				onePassRunes[pc] = new Int32Array([0, Unicode.MAX_RUNE]);
				inst.next = new Uint32Array([inst.out]);
				break;
			case Inst.RUNE_ANY_NOT_NL:
				m[pc] = false;
				if (inst.next && inst.next.length > 0) break;
				instQueue.insert(inst.out);
				onePassRunes[pc] = new Int32Array([
					0,
					9,
					11,
					Unicode.MAX_RUNE
				]);
				inst.next = new Uint32Array(Math.floor(onePassRunes[pc].length / 2) + 1).fill(inst.out);
		}
		return ok;
	};
	instQueue.clear();
	instQueue.insert(p.start);
	while (!instQueue.empty()) {
		visitQueue.clear();
		if (!check(instQueue.next())) return null;
	}
	for (let i = 0; i < p.inst.length; i++) if (onePassRunes[i]) p.inst[i].runes = onePassRunes[i];
	return p;
};
const cleanupOnePass = (p, original) => {
	for (let ix = 0; ix < original.inst.length; ix++) {
		const instOriginal = original.inst[ix];
		switch (instOriginal.op) {
			case Inst.ALT:
			case Inst.ALT_MATCH:
			case Inst.RUNE: break;
			case Inst.CAPTURE:
			case Inst.EMPTY_WIDTH:
			case Inst.NOP:
			case Inst.MATCH:
			case Inst.FAIL:
				p.inst[ix].next = null;
				break;
			case Inst.RUNE1:
			case Inst.RUNE_ANY:
			case Inst.RUNE_ANY_NOT_NL:
				p.inst[ix].next = null;
				p.inst[ix].op = instOriginal.op;
				p.inst[ix].runes = instOriginal.runes ? new Int32Array(instOriginal.runes) : /* @__PURE__ */ new Int32Array(0);
		}
	}
};
var OnePass = class OnePass {
	static compile(prog) {
		if (prog.start === 0) return null;
		if (prog.numLb > 0) return null;
		const startInst = prog.inst[prog.start];
		if (startInst.op !== Inst.EMPTY_WIDTH || (startInst.arg & Utils.EMPTY_BEGIN_TEXT) === 0) return null;
		let hasAlt = false;
		for (let i = 0; i < prog.inst.length; i++) if (prog.inst[i].op === Inst.ALT || prog.inst[i].op === Inst.ALT_MATCH) {
			hasAlt = true;
			break;
		}
		for (let i = 0; i < prog.inst.length; i++) {
			const inst = prog.inst[i];
			const opOut = prog.inst[inst.out].op;
			switch (inst.op) {
				case Inst.ALT:
				case Inst.ALT_MATCH:
					if (opOut === Inst.MATCH || prog.inst[inst.arg].op === Inst.MATCH) return null;
					break;
				case Inst.EMPTY_WIDTH:
					if (opOut === Inst.MATCH) {
						if ((inst.arg & Utils.EMPTY_END_TEXT) === Utils.EMPTY_END_TEXT) continue;
						return null;
					}
					break;
				default: if (opOut === Inst.MATCH && hasAlt) return null;
			}
		}
		let p = onePassCopy(prog);
		p = makeOnePass(p);
		if (p !== null) cleanupOnePass(p, prog);
		return p;
	}
	static next(inst, r) {
		const nextIdx = inst.matchRunePos(r);
		if (nextIdx >= 0) return inst.next[nextIdx];
		if (inst.op === Inst.ALT_MATCH) return inst.out;
		return 0;
	}
	static execute(re2, input, pos, anchor, ncap) {
		const onepass = re2.onepass;
		if (!onepass) return null;
		const matchcap = new Int32Array(ncap).fill(-1);
		let matched = false;
		let r = input.step(pos);
		let rune = r >> 3;
		let width = r & 7;
		let r1 = MachineInputBase.EOF();
		let rune1 = -1;
		let width1 = 0;
		if (r !== MachineInputBase.EOF()) {
			r1 = input.step(pos + width);
			if (r1 !== MachineInputBase.EOF()) {
				rune1 = r1 >> 3;
				width1 = r1 & 7;
			}
		}
		let flag = pos === 0 ? Utils.emptyOpContext(-1, rune) : input.context(pos);
		let pc = onepass.start;
		let inst;
		while (true) {
			inst = onepass.inst[pc];
			pc = inst.out;
			switch (inst.op) {
				case Inst.MATCH:
					if (anchor === RE2Flags.ANCHOR_BOTH && pos !== input.endPos()) return null;
					matched = true;
					if (matchcap.length > 0) {
						matchcap[0] = 0;
						matchcap[1] = pos;
					}
					return ncap === 0 ? [] : Utils.toArray(matchcap);
				case Inst.RUNE:
					if (!inst.matchRune(rune)) return null;
					break;
				case Inst.RUNE1:
					if (rune !== inst.runes[0]) return null;
					break;
				case Inst.RUNE_ANY: break;
				case Inst.RUNE_ANY_NOT_NL:
					if (rune === 10) return null;
					break;
				case Inst.ALT:
				case Inst.ALT_MATCH:
					pc = OnePass.next(inst, rune);
					continue;
				case Inst.FAIL: return null;
				case Inst.NOP: continue;
				case Inst.EMPTY_WIDTH:
					if ((inst.arg & ~flag) !== 0) return null;
					continue;
				case Inst.CAPTURE:
					if (inst.arg < matchcap.length) matchcap[inst.arg] = pos;
					continue;
				default: throw new RE2JSInternalException("bad inst");
			}
			if (width === 0) break;
			flag = Utils.emptyOpContext(rune, rune1);
			pos += width;
			rune = rune1;
			width = width1;
			if (rune !== -1) {
				r1 = input.step(pos + width);
				if (r1 !== MachineInputBase.EOF()) {
					rune1 = r1 >> 3;
					width1 = r1 & 7;
				} else {
					rune1 = -1;
					width1 = 0;
				}
			}
		}
		if (!matched) return null;
		return ncap === 0 ? [] : Utils.toArray(matchcap);
	}
};
// src/Regexp.js
/**
* Regular expression abstract syntax tree. Produced by parser, used by compiler. NB, this
* corresponds to {@code syntax.regexp} in the Go implementation; Go's {@code regexp} is called
* {@code RE2} in Java.
*/
var Regexp = class Regexp {
	static Op = createEnum([
		"NO_MATCH",
		"EMPTY_MATCH",
		"LITERAL",
		"CHAR_CLASS",
		"ANY_CHAR_NOT_NL",
		"ANY_CHAR",
		"BEGIN_LINE",
		"END_LINE",
		"BEGIN_TEXT",
		"END_TEXT",
		"WORD_BOUNDARY",
		"NO_WORD_BOUNDARY",
		"CAPTURE",
		"STAR",
		"PLUS",
		"QUEST",
		"REPEAT",
		"CONCAT",
		"ALTERNATE",
		"PLB",
		"NLB",
		"LEFT_PAREN",
		"VERTICAL_BAR"
	]);
	static isPseudoOp(op) {
		return op >= Regexp.Op.LEFT_PAREN;
	}
	static emptySubs() {
		return [];
	}
	static quoteIfHyphen(rune) {
		if (rune === Codepoint.CODES["-"]) return "\\";
		return "";
	}
	static fromRegexp(re) {
		const regex = new Regexp(re.op);
		regex.flags = re.flags;
		regex.subs = re.subs;
		regex.runes = re.runes;
		regex.cap = re.cap;
		regex.min = re.min;
		regex.max = re.max;
		regex.name = re.name;
		regex.namedGroups = re.namedGroups;
		regex.lb = re.lb;
		return regex;
	}
	constructor(op) {
		this.op = op;
		this.flags = 0;
		this.subs = Regexp.emptySubs();
		this.runes = /* @__PURE__ */ new Int32Array(0);
		this.min = 0;
		this.max = 0;
		this.cap = 0;
		this.name = null;
		this.namedGroups = Object.create(null);
		this.lb = 0;
	}
	reinit() {
		this.flags = 0;
		this.subs = Regexp.emptySubs();
		this.runes = /* @__PURE__ */ new Int32Array(0);
		this.cap = 0;
		this.min = 0;
		this.max = 0;
		this.name = null;
		this.namedGroups = Object.create(null);
		this.lb = 0;
	}
	toString() {
		return this.appendTo();
	}
	appendTo() {
		let out = "";
		switch (this.op) {
			case Regexp.Op.NO_MATCH:
				out += "[^\\x00-\\x{10FFFF}]";
				break;
			case Regexp.Op.EMPTY_MATCH:
				out += "(?:)";
				break;
			case Regexp.Op.STAR:
			case Regexp.Op.PLUS:
			case Regexp.Op.QUEST:
			case Regexp.Op.REPEAT: {
				const sub = this.subs[0];
				if (sub.op > Regexp.Op.CAPTURE || sub.op === Regexp.Op.LITERAL && sub.runes.length > 1) out += `(?:${sub.appendTo()})`;
				else out += sub.appendTo();
				switch (this.op) {
					case Regexp.Op.STAR:
						out += "*";
						break;
					case Regexp.Op.PLUS:
						out += "+";
						break;
					case Regexp.Op.QUEST:
						out += "?";
						break;
					case Regexp.Op.REPEAT:
						out += `{${this.min}`;
						if (this.min !== this.max) {
							out += ",";
							if (this.max >= 0) out += this.max;
						}
						out += "}";
				}
				if ((this.flags & RE2Flags.NON_GREEDY) !== 0) out += "?";
				break;
			}
			case Regexp.Op.CONCAT:
				for (let sub of this.subs) if (sub.op === Regexp.Op.ALTERNATE) out += `(?:${sub.appendTo()})`;
				else out += sub.appendTo();
				break;
			case Regexp.Op.ALTERNATE: {
				let sep = "";
				for (let sub of this.subs) {
					out += sep;
					sep = "|";
					out += sub.appendTo();
				}
				break;
			}
			case Regexp.Op.LITERAL:
				if ((this.flags & RE2Flags.FOLD_CASE) !== 0) out += "(?i:";
				for (let rune of this.runes) out += Utils.escapeRune(rune);
				if ((this.flags & RE2Flags.FOLD_CASE) !== 0) out += ")";
				break;
			case Regexp.Op.ANY_CHAR_NOT_NL:
				out += "(?-s:.)";
				break;
			case Regexp.Op.ANY_CHAR:
				out += "(?s:.)";
				break;
			case Regexp.Op.PLB:
				out += `(?<=${this.subs[0].appendTo()})`;
				break;
			case Regexp.Op.NLB:
				out += `(?<!${this.subs[0].appendTo()})`;
				break;
			case Regexp.Op.CAPTURE:
				if (this.name === null || this.name.length === 0) out += "(";
				else out += `(?P<${this.name}>`;
				if (this.subs[0].op !== Regexp.Op.EMPTY_MATCH) out += this.subs[0].appendTo();
				out += ")";
				break;
			case Regexp.Op.BEGIN_TEXT:
				out += "\\A";
				break;
			case Regexp.Op.END_TEXT:
				if ((this.flags & RE2Flags.WAS_DOLLAR) !== 0) out += "(?-m:$)";
				else out += "\\z";
				break;
			case Regexp.Op.BEGIN_LINE:
				out += "^";
				break;
			case Regexp.Op.END_LINE:
				out += "$";
				break;
			case Regexp.Op.WORD_BOUNDARY:
				out += "\\b";
				break;
			case Regexp.Op.NO_WORD_BOUNDARY:
				out += "\\B";
				break;
			case Regexp.Op.CHAR_CLASS:
				if (this.runes.length % 2 !== 0) {
					out += "[invalid char class]";
					break;
				}
				out += "[";
				if (this.runes.length === 0) out += "^\\x00-\\x{10FFFF}";
				else if (this.runes[0] === 0 && this.runes[this.runes.length - 1] === Unicode.MAX_RUNE) {
					out += "^";
					for (let i = 1; i < this.runes.length - 1; i += 2) {
						const lo = this.runes[i] + 1;
						const hi = this.runes[i + 1] - 1;
						out += Regexp.quoteIfHyphen(lo);
						out += Utils.escapeRune(lo);
						if (lo !== hi) {
							out += "-";
							out += Regexp.quoteIfHyphen(hi);
							out += Utils.escapeRune(hi);
						}
					}
				} else for (let i = 0; i < this.runes.length; i += 2) {
					const lo = this.runes[i];
					const hi = this.runes[i + 1];
					out += Regexp.quoteIfHyphen(lo);
					out += Utils.escapeRune(lo);
					if (lo !== hi) {
						out += "-";
						out += Regexp.quoteIfHyphen(hi);
						out += Utils.escapeRune(hi);
					}
				}
				out += "]";
				break;
			default: out += this.op;
		}
		return out;
	}
	maxCap() {
		let m = 0;
		if (this.op === Regexp.Op.CAPTURE) m = this.cap;
		if (this.subs !== null) for (let sub of this.subs) {
			const n = sub.maxCap();
			if (m < n) m = n;
		}
		return m;
	}
	equals(that) {
		if (!(that !== null && that instanceof Regexp)) return false;
		if (this.op !== that.op) return false;
		switch (this.op) {
			case Regexp.Op.END_TEXT:
				if ((this.flags & RE2Flags.WAS_DOLLAR) !== (that.flags & RE2Flags.WAS_DOLLAR)) return false;
				break;
			case Regexp.Op.LITERAL:
			case Regexp.Op.CHAR_CLASS:
				if ((this.flags & RE2Flags.FOLD_CASE) !== (that.flags & RE2Flags.FOLD_CASE)) return false;
				if (this.runes === null && that.runes === null) break;
				if (this.runes === null || that.runes === null) return false;
				if (this.runes.length !== that.runes.length) return false;
				for (let i = 0; i < this.runes.length; i++) if (this.runes[i] !== that.runes[i]) return false;
				break;
			case Regexp.Op.ALTERNATE:
			case Regexp.Op.CONCAT:
				if (this.subs.length !== that.subs.length) return false;
				for (let i = 0; i < this.subs.length; ++i) if (!this.subs[i].equals(that.subs[i])) return false;
				break;
			case Regexp.Op.STAR:
			case Regexp.Op.PLUS:
			case Regexp.Op.QUEST:
				if ((this.flags & RE2Flags.NON_GREEDY) !== (that.flags & RE2Flags.NON_GREEDY) || !this.subs[0].equals(that.subs[0])) return false;
				break;
			case Regexp.Op.REPEAT:
				if ((this.flags & RE2Flags.NON_GREEDY) !== (that.flags & RE2Flags.NON_GREEDY) || this.min !== that.min || this.max !== that.max || !this.subs[0].equals(that.subs[0])) return false;
				break;
			case Regexp.Op.CAPTURE:
				if (this.cap !== that.cap || (this.name === null ? that.name !== null : this.name !== that.name) || !this.subs[0].equals(that.subs[0])) return false;
				break;
			case Regexp.Op.PLB:
			case Regexp.Op.NLB: if (this.lb !== that.lb || !this.subs[0].equals(that.subs[0])) return false;
		}
		return true;
	}
};
// src/RegexpWalker.js
/**
* Walks a Regexp tree without recursion, visiting nodes in the same order a recursive walk
* would (RE2: re2/walker-inl.h, "Helper class for traversing Regexps without recursion").
*
* The handler sees a node without subexpressions once, through `leaf(re)`, which returns its
* result. Any other node is seen up to three times:
* - `enter(re)` before its children. It returns the state kept for `re` while its children are
*   visited; a state whose `result` is already set skips the children.
* - `child(re, state, result, i)` after child `i` produced `result`. Setting `state.result`
*   stops visiting the remaining children.
* - `leave(re, state)` after the last child; it returns the result for `re`.
*
* Counted repetitions expand into one nesting level per copy, so the simplified tree can be
* thousands of levels deep; recursion over it would overflow the JS stack, which has no fixed
* relation to the parser's nesting limit. This walk keeps its frames on the heap instead.
*/
var RegexpWalker = class {
	static walk(root, handler) {
		const stack = [];
		let re = root;
		let result;
		for (;;) {
			if (re.subs.length === 0) result = handler.leaf(re);
			else {
				const state = handler.enter(re);
				if (state.result === void 0) {
					stack.push({
						re,
						state,
						i: 0
					});
					re = re.subs[0];
					continue;
				}
				result = state.result;
			}
			for (;;) {
				if (stack.length === 0) return result;
				const frame = stack[stack.length - 1];
				handler.child(frame.re, frame.state, result, frame.i);
				frame.i++;
				if (frame.state.result === void 0 && frame.i < frame.re.subs.length) {
					re = frame.re.subs[frame.i];
					break;
				}
				stack.pop();
				result = frame.state.result !== void 0 ? frame.state.result : handler.leave(frame.re, frame.state);
			}
		}
	}
};
// src/Prefilter.js
var AhoCorasick = class {
	constructor(words, alphabetSize) {
		const edges = /* @__PURE__ */ new Map();
		const parent = [0];
		const unit = [0];
		const depth = [0];
		const terminal = [0];
		for (const word of words) {
			let node = 0;
			for (let i = 0; i < word.length; i++) {
				const key = node * alphabetSize + word[i];
				let child = edges.get(key);
				if (child === void 0) {
					child = parent.length;
					edges.set(key, child);
					parent.push(node);
					unit.push(word[i]);
					depth.push(depth[node] + 1);
					terminal.push(0);
				}
				node = child;
			}
			terminal[node] = 1;
		}
		const numNodes = parent.length;
		const children = new Int32Array(numNodes - 1);
		for (let c = 1; c < numNodes; c++) children[c - 1] = c;
		children.sort((a, b) => parent[a] - parent[b] || unit[a] - unit[b]);
		const childStart = new Int32Array(numNodes + 1);
		for (let c = 1; c < numNodes; c++) childStart[parent[c] + 1]++;
		for (let n = 0; n < numNodes; n++) childStart[n + 1] += childStart[n];
		const childUnit = new Int32Array(numNodes - 1);
		for (let k = 0; k < children.length; k++) childUnit[k] = unit[children[k]];
		this.childStart = childStart;
		this.childUnit = childUnit;
		this.childNode = children;
		const byDepth = new Int32Array(numNodes);
		for (let n = 0; n < numNodes; n++) byDepth[n] = n;
		byDepth.sort((a, b) => depth[a] - depth[b]);
		const fail = new Int32Array(numNodes);
		const match = Uint8Array.from(terminal);
		for (let k = 1; k < numNodes; k++) {
			const c = byDepth[k];
			const p = parent[c];
			if (p !== 0) {
				let f = fail[p];
				let next = this.next(f, unit[c]);
				while (next < 0 && f !== 0) {
					f = fail[f];
					next = this.next(f, unit[c]);
				}
				fail[c] = next >= 0 ? next : 0;
			}
			match[c] |= match[fail[c]];
		}
		this.fail = fail;
		this.match = match;
	}
	next(node, u) {
		let lo = this.childStart[node];
		let hi = this.childStart[node + 1];
		const units = this.childUnit;
		while (lo < hi) {
			const mid = lo + hi >> 1;
			const m = units[mid];
			if (m === u) return this.childNode[mid];
			if (m < u) lo = mid + 1;
			else hi = mid;
		}
		return -1;
	}
	advance(node, u) {
		for (;;) {
			const next = this.next(node, u);
			if (next >= 0) return next;
			if (node === 0) return 0;
			node = this.fail[node];
		}
	}
	searchUTF16(charSeq, start, end) {
		let node = 0;
		for (let i = start; i < end; i++) {
			node = this.advance(node, charSeq.charCodeAt(i));
			if (this.match[node] === 1) return true;
		}
		return false;
	}
	searchUTF8(bytes, start, end) {
		let node = 0;
		for (let i = start; i < end; i++) {
			node = this.advance(node, bytes[i]);
			if (this.match[node] === 1) return true;
		}
		return false;
	}
};
var Prefilter = class Prefilter {
	static Type = {
		NONE: 0,
		EXACT: 1,
		AND: 2,
		OR: 3
	};
	static MAX_SCANS = 32;
	static MAX_AC_UNITS = 1 << 18;
	constructor(type) {
		this.type = type;
		this.subs = [];
		this.str = "";
		this.bytes = null;
		this.cost = type === Prefilter.Type.EXACT ? 1 : 0;
		this.allExact = false;
		this.ac16 = null;
		this.ac8 = null;
	}
	automaton16() {
		if (this.ac16 === null) {
			const words = this.subs.map((s) => {
				const arr = new Array(s.str.length);
				for (let i = 0; i < s.str.length; i++) arr[i] = s.str.charCodeAt(i);
				return arr;
			});
			this.ac16 = new AhoCorasick(words, 65536);
		}
		return this.ac16;
	}
	automaton8() {
		if (this.ac8 === null) this.ac8 = new AhoCorasick(this.subs.map((s) => s.bytes), 256);
		return this.ac8;
	}
	eval(input, pos) {
		switch (this.type) {
			case Prefilter.Type.NONE: return true;
			case Prefilter.Type.EXACT: return input.hasString(this, pos);
			case Prefilter.Type.AND:
				for (let i = 0; i < this.subs.length; i++) if (!this.subs[i].eval(input, pos)) return false;
				return true;
			case Prefilter.Type.OR:
				if (this.allExact) return input.hasAnyString(this, pos);
				for (let i = 0; i < this.subs.length; i++) if (this.subs[i].eval(input, pos)) return true;
				return false;
			default: return true;
		}
	}
};
var PrefilterTree = class PrefilterTree {
	static build(re) {
		if (!re) return new Prefilter(Prefilter.Type.NONE);
		return RegexpWalker.walk(re, PrefilterTree.WALKER);
	}
	static WALKER = {
		leaf: (re) => PrefilterTree.leaf(re),
		enter: (re) => PrefilterTree.enter(re),
		child: (re, state, result) => PrefilterTree.child(re, state, result),
		leave: (re, state) => PrefilterTree.leave(re, state)
	};
	static leaf(re) {
		if (re.op !== Regexp.Op.LITERAL) return new Prefilter(Prefilter.Type.NONE);
		if (re.runes.length === 0 || (re.flags & RE2Flags.FOLD_CASE) !== 0) return new Prefilter(Prefilter.Type.NONE);
		let str = "";
		for (let i = 0; i < re.runes.length; i++) {
			if (Unicode.isUnsearchable(re.runes[i])) return new Prefilter(Prefilter.Type.NONE);
			str += String.fromCodePoint(re.runes[i]);
		}
		const pf = new Prefilter(Prefilter.Type.EXACT);
		pf.str = str;
		pf.bytes = Utils.stringToUtf8ByteArray(pf.str);
		return pf;
	}
	static enter(re) {
		switch (re.op) {
			case Regexp.Op.CAPTURE:
			case Regexp.Op.PLUS: return { sub: null };
			case Regexp.Op.REPEAT:
				if (re.min >= 1) return { sub: null };
				return { result: new Prefilter(Prefilter.Type.NONE) };
			case Regexp.Op.CONCAT: return {
				pf: new Prefilter(Prefilter.Type.AND),
				subs: []
			};
			case Regexp.Op.ALTERNATE: return {
				pf: new Prefilter(Prefilter.Type.OR),
				subs: []
			};
			default: return { result: new Prefilter(Prefilter.Type.NONE) };
		}
	}
	static child(re, state, s) {
		if (state.subs === void 0) {
			state.sub = s;
			return;
		}
		if (state.pf.type === Prefilter.Type.AND) {
			if (s.type === Prefilter.Type.NONE) return;
			if (s.type === Prefilter.Type.AND) {
				for (let j = 0; j < s.subs.length; j++) state.subs.push(s.subs[j]);
				return;
			}
			state.subs.push(s);
			return;
		}
		if (s.type === Prefilter.Type.NONE) {
			state.result = new Prefilter(Prefilter.Type.NONE);
			return;
		}
		if (s.type === Prefilter.Type.OR) {
			for (let j = 0; j < s.subs.length; j++) state.subs.push(s.subs[j]);
			return;
		}
		state.subs.push(s);
	}
	static leave(re, state) {
		if (state.subs === void 0) return state.sub;
		const pf = state.pf;
		const seen = /* @__PURE__ */ new Set();
		const subs = [];
		for (const sub of state.subs) {
			if (sub.type === Prefilter.Type.EXACT) {
				if (seen.has(sub.str)) continue;
				seen.add(sub.str);
			}
			subs.push(sub);
		}
		if (pf.type === Prefilter.Type.AND) {
			const kept = [];
			let cost = 0;
			for (const sub of subs) {
				if (cost + sub.cost > Prefilter.MAX_SCANS) continue;
				kept.push(sub);
				cost += sub.cost;
			}
			if (kept.length === 0) return new Prefilter(Prefilter.Type.NONE);
			if (kept.length === 1) return kept[0];
			pf.subs = kept;
			pf.cost = cost;
			return pf;
		}
		if (subs.length === 0) return new Prefilter(Prefilter.Type.NONE);
		if (subs.length === 1) return subs[0];
		pf.subs = subs;
		let allExact = true;
		let cost = 0;
		let units = 0;
		for (const sub of subs) {
			if (sub.type !== Prefilter.Type.EXACT) allExact = false;
			else units += sub.bytes.length;
			cost += sub.cost;
		}
		if (allExact) {
			if (units > Prefilter.MAX_AC_UNITS) return new Prefilter(Prefilter.Type.NONE);
			pf.allExact = true;
			pf.cost = 1;
			return pf;
		}
		if (cost > Prefilter.MAX_SCANS) return new Prefilter(Prefilter.Type.NONE);
		pf.cost = cost;
		return pf;
	}
};
// src/Prog.js
/**
* A list of instruction pointers waiting to be patched.
* Tracks both `head` and `tail` to allow O(1) appending during compilation.
* * Values are encoded integers, not standard memory pointers:
* - Program instruction index: `l >> 1`
* - Patch `.out` field if: `(l & 1) === 0`
* - Patch `.arg` field if: `(l & 1) === 1`
* - `0` denotes an empty list.
* * @see https://swtch.com/~rsc/regexp/regexp1.html
*/
var PatchList = class {
	/**
	* @param {number} head - Encoded pointer to the start of the patch list.
	* @param {number} tail - Encoded pointer to the end of the patch list.
	*/
	constructor(head = 0, tail = 0) {
		this.head = head;
		this.tail = tail;
	}
};
/**
* A Prog is a compiled regular expression program.
*/
var Prog = class {
	constructor() {
		this.inst = [];
		this.start = 0;
		this.numCap = 2;
		this.lbStarts = [];
		this.numLb = 0;
		this.lbInst = null;
	}
	getInst(pc) {
		return this.inst[pc];
	}
	numInst() {
		return this.inst.length;
	}
	addInst(op) {
		this.inst.push(new Inst(op));
	}
	markLookbehindInsts() {
		const lbInst = new Uint8Array(this.inst.length);
		const pending = this.lbStarts.slice();
		while (pending.length > 0) {
			const pc = pending.pop();
			if (pc === 0 || lbInst[pc] === 1) continue;
			lbInst[pc] = 1;
			const i = this.inst[pc];
			switch (i.op) {
				case Inst.ALT:
				case Inst.ALT_MATCH:
					pending.push(i.out, i.arg);
					break;
				case Inst.MATCH:
				case Inst.FAIL: break;
				default: pending.push(i.out);
			}
		}
		this.lbInst = lbInst;
	}
	skipNop(pc) {
		let i = this.inst[pc];
		while (i.op === Inst.NOP || i.op === Inst.CAPTURE) {
			i = this.inst[pc];
			pc = i.out;
		}
		return i;
	}
	/** @returns {[boolean, string]} */
	prefix() {
		let prefix = "";
		let i = this.skipNop(this.start);
		if (!Inst.isRuneOp(i.op) || i.runes.length !== 1) return [i.op === Inst.MATCH, prefix];
		while (Inst.isRuneOp(i.op) && i.runes.length === 1 && (i.arg & RE2Flags.FOLD_CASE) === 0 && !Unicode.isUnsearchable(i.runes[0])) {
			prefix += String.fromCodePoint(i.runes[0]);
			i = this.skipNop(i.out);
		}
		return [i.op === Inst.MATCH, prefix];
	}
	startCond() {
		let flag = 0;
		let pc = this.start;
		loop: for (;;) {
			const i = this.inst[pc];
			switch (i.op) {
				case Inst.EMPTY_WIDTH:
					flag |= i.arg;
					break;
				case Inst.FAIL: return -1;
				case Inst.CAPTURE:
				case Inst.NOP: break;
				default: break loop;
			}
			pc = i.out;
		}
		return flag;
	}
	patch(l, val) {
		let head = l.head;
		while (head !== 0) {
			const i = this.inst[head >> 1];
			if ((head & 1) === 0) {
				head = i.out;
				i.out = val;
			} else {
				head = i.arg;
				i.arg = val;
			}
		}
	}
	append(l1, l2) {
		if (l1.head === 0) return l2;
		if (l2.head === 0) return l1;
		const i = this.inst[l1.tail >> 1];
		if ((l1.tail & 1) === 0) i.out = l2.head;
		else i.arg = l2.head;
		return new PatchList(l1.head, l2.tail);
	}
	/**
	*
	* @returns {string}
	*/
	toString() {
		let out = "";
		for (let pc = 0; pc < this.inst.length; pc++) {
			const len = out.length;
			out += pc;
			if (pc === this.start) out += "*";
			out += "        ".substring(out.length - len);
			out += this.inst[pc];
			out += "\n";
		}
		return out;
	}
};
// src/Compiler.js
const ANY_RUNE_NOT_NL = new Int32Array([
	0,
	Codepoint.CODES["\n"] - 1,
	Codepoint.CODES["\n"] + 1,
	Unicode.MAX_RUNE
]);
const ANY_RUNE = new Int32Array([0, Unicode.MAX_RUNE]);
/**
* A fragment of a compiled regular expression program.
*
* @see http://swtch.com/~rsc/regexp/regexp1.html
* @class
*/
var Frag = class {
	constructor(i = 0, out = new PatchList(), nullable = false) {
		this.i = i;
		this.out = out;
		this.nullable = nullable;
	}
};
/**
* Compiler from {@code Regexp} (RE2 abstract syntax) to {@code RE2} (compiled regular expression).
*
* The only entry point is {@link #compileRegexp}.
*/
var Compiler = class Compiler {
	static compileRegexp(re) {
		const c = new Compiler();
		const f = c.compile(re);
		c.prog.patch(f.out, c.newInst(Inst.MATCH).i);
		c.prog.start = f.i;
		c.prog.markLookbehindInsts();
		return c.prog;
	}
	static compileSet(regexps) {
		const c = new Compiler();
		if (regexps.length === 0) {
			c.prog.start = c.newInst(Inst.FAIL).i;
			c.prog.markLookbehindInsts();
			return c.prog;
		}
		let starts = [];
		for (let i = 0; i < regexps.length; i++) {
			c.lbOffset = c.prog.numLb;
			const f = c.compile(regexps[i]);
			const m = c.newInst(Inst.MATCH);
			c.prog.getInst(m.i).arg = i;
			c.prog.patch(f.out, m.i);
			starts.push(f.i);
		}
		let start = starts[0];
		for (let i = 1; i < starts.length; i++) {
			const f = c.newInst(Inst.ALT);
			const inst = c.prog.getInst(f.i);
			inst.out = start;
			inst.arg = starts[i];
			start = f.i;
		}
		c.prog.start = start;
		c.prog.markLookbehindInsts();
		return c.prog;
	}
	constructor() {
		this.prog = new Prog();
		this.newInst(Inst.FAIL);
		this.lbOffset = 0;
		this.runeCache = /* @__PURE__ */ new Map();
		this.walker = {
			leaf: (re) => this.leaf(re),
			enter: (re) => this.enter(re),
			child: (re, state, result) => this.child(re, state, result),
			leave: (re, state) => this.leave(re, state)
		};
	}
	newInst(op) {
		this.prog.addInst(op);
		return new Frag(this.prog.numInst() - 1, new PatchList(), true);
	}
	nop() {
		const f = this.newInst(Inst.NOP);
		f.out = new PatchList(f.i << 1, f.i << 1);
		return f;
	}
	fail() {
		return new Frag();
	}
	cap(arg) {
		const f = this.newInst(Inst.CAPTURE);
		f.out = new PatchList(f.i << 1, f.i << 1);
		this.prog.getInst(f.i).arg = arg;
		if (this.prog.numCap < arg + 1) this.prog.numCap = arg + 1;
		return f;
	}
	cat(f1, f2) {
		if (f1.i === 0 || f2.i === 0) {
			this.prog.patch(f1.out, 0);
			this.prog.patch(f2.out, 0);
			return this.fail();
		}
		this.prog.patch(f1.out, f2.i);
		return new Frag(f1.i, f2.out, f1.nullable && f2.nullable);
	}
	alt(f1, f2) {
		if (f1.i === 0) return f2;
		if (f2.i === 0) return f1;
		const f = this.newInst(Inst.ALT);
		const i = this.prog.getInst(f.i);
		i.out = f1.i;
		i.arg = f2.i;
		f.out = this.prog.append(f1.out, f2.out);
		f.nullable = f1.nullable || f2.nullable;
		return f;
	}
	loop(f1, nongreedy) {
		const f = this.newInst(Inst.ALT);
		const i = this.prog.getInst(f.i);
		if (nongreedy) {
			i.arg = f1.i;
			f.out = new PatchList(f.i << 1, f.i << 1);
		} else {
			i.out = f1.i;
			f.out = new PatchList(f.i << 1 | 1, f.i << 1 | 1);
		}
		this.prog.patch(f1.out, f.i);
		return f;
	}
	quest(f1, nongreedy) {
		if (f1.i === 0) return this.nop();
		const f = this.newInst(Inst.ALT);
		const i = this.prog.getInst(f.i);
		if (nongreedy) {
			i.arg = f1.i;
			f.out = new PatchList(f.i << 1, f.i << 1);
		} else {
			i.out = f1.i;
			f.out = new PatchList(f.i << 1 | 1, f.i << 1 | 1);
		}
		f.out = this.prog.append(f.out, f1.out);
		return f;
	}
	star(f1, nongreedy) {
		if (f1.i === 0) return this.nop();
		if (f1.nullable) return this.quest(this.plus(f1, nongreedy), nongreedy);
		return this.loop(f1, nongreedy);
	}
	plus(f1, nongreedy) {
		if (f1.i === 0) return this.fail();
		return new Frag(f1.i, this.loop(f1, nongreedy).out, f1.nullable);
	}
	empty(op) {
		const f = this.newInst(Inst.EMPTY_WIDTH);
		this.prog.getInst(f.i).arg = op;
		f.out = new PatchList(f.i << 1, f.i << 1);
		return f;
	}
	rune(runes, flags) {
		const f = this.newInst(Inst.RUNE);
		f.nullable = false;
		const i = this.prog.getInst(f.i);
		i.runes = runes;
		flags &= RE2Flags.FOLD_CASE;
		if (runes.length !== 1 || Unicode.simpleFold(runes[0]) === runes[0]) flags &= ~RE2Flags.FOLD_CASE;
		i.arg = flags;
		f.out = new PatchList(f.i << 1, f.i << 1);
		if ((flags & RE2Flags.FOLD_CASE) === 0 && runes.length === 1 || runes.length === 2 && runes[0] === runes[1]) i.op = Inst.RUNE1;
		else if (runes.length === 2 && runes[0] === 0 && runes[1] === Unicode.MAX_RUNE) i.op = Inst.RUNE_ANY;
		else if (runes.length === 4 && runes[0] === 0 && runes[1] === Codepoint.CODES["\n"] - 1 && runes[2] === Codepoint.CODES["\n"] + 1 && runes[3] === Unicode.MAX_RUNE) i.op = Inst.RUNE_ANY_NOT_NL;
		return f;
	}
	lookBehind(a, parsedLb) {
		const lb = Math.sign(parsedLb) * (Math.abs(parsedLb) + this.lbOffset);
		const id = this.newInst(Inst.LB_WRITE);
		this.prog.getInst(id.i).arg = lb;
		const any = this.rune(ANY_RUNE, 0);
		const dotStar = this.star(any, true);
		const lbAutomaton = this.cat(dotStar, a);
		this.prog.patch(lbAutomaton.out, id.i);
		const checkId = this.newInst(Inst.LB_CHECK);
		this.prog.getInst(checkId.i).arg = lb;
		this.prog.lbStarts.push(lbAutomaton.i);
		if (Math.abs(lb) > this.prog.numLb) this.prog.numLb = Math.abs(lb);
		checkId.out = new PatchList(checkId.i << 1, checkId.i << 1);
		return checkId;
	}
	compile(re) {
		return RegexpWalker.walk(re, this.walker);
	}
	leaf(re) {
		switch (re.op) {
			case Regexp.Op.NO_MATCH: return this.fail();
			case Regexp.Op.EMPTY_MATCH: return this.nop();
			case Regexp.Op.LITERAL: {
				if (re.runes.length === 0) return this.nop();
				let f = null;
				for (let r of re.runes) {
					let singleRune = this.runeCache.get(r);
					if (singleRune === void 0) {
						singleRune = new Int32Array([r]);
						this.runeCache.set(r, singleRune);
					}
					const f1 = this.rune(singleRune, re.flags);
					f = f === null ? f1 : this.cat(f, f1);
				}
				return f;
			}
			case Regexp.Op.CHAR_CLASS: return this.rune(re.runes, re.flags);
			case Regexp.Op.ANY_CHAR_NOT_NL: return this.rune(ANY_RUNE_NOT_NL, 0);
			case Regexp.Op.ANY_CHAR: return this.rune(ANY_RUNE, 0);
			case Regexp.Op.BEGIN_LINE: return this.empty(Utils.EMPTY_BEGIN_LINE);
			case Regexp.Op.END_LINE: return this.empty(Utils.EMPTY_END_LINE);
			case Regexp.Op.BEGIN_TEXT: return this.empty(Utils.EMPTY_BEGIN_TEXT);
			case Regexp.Op.END_TEXT: return this.empty(Utils.EMPTY_END_TEXT);
			case Regexp.Op.WORD_BOUNDARY: return this.empty(Utils.EMPTY_WORD_BOUNDARY);
			case Regexp.Op.NO_WORD_BOUNDARY: return this.empty(Utils.EMPTY_NO_WORD_BOUNDARY);
			case Regexp.Op.CONCAT:
			case Regexp.Op.ALTERNATE: return this.nop();
			default: throw new RE2JSCompileException("regexp: unhandled case in compile");
		}
	}
	enter(re) {
		switch (re.op) {
			case Regexp.Op.PLB:
			case Regexp.Op.NLB:
			case Regexp.Op.STAR:
			case Regexp.Op.PLUS:
			case Regexp.Op.QUEST: return { sub: null };
			case Regexp.Op.CAPTURE: return {
				bra: this.cap(re.cap << 1),
				sub: null
			};
			case Regexp.Op.CONCAT:
			case Regexp.Op.ALTERNATE: return { f: null };
			default: throw new RE2JSCompileException("regexp: unhandled case in compile");
		}
	}
	child(re, state, f1) {
		if (re.op === Regexp.Op.CONCAT) state.f = state.f === null ? f1 : this.cat(state.f, f1);
		else if (re.op === Regexp.Op.ALTERNATE) state.f = state.f === null ? f1 : this.alt(state.f, f1);
		else state.sub = f1;
	}
	leave(re, state) {
		switch (re.op) {
			case Regexp.Op.PLB:
			case Regexp.Op.NLB: return this.lookBehind(state.sub, re.lb);
			case Regexp.Op.CAPTURE: {
				const ket = this.cap(re.cap << 1 | 1);
				return this.cat(this.cat(state.bra, state.sub), ket);
			}
			case Regexp.Op.STAR: return this.star(state.sub, (re.flags & RE2Flags.NON_GREEDY) !== 0);
			case Regexp.Op.PLUS: return this.plus(state.sub, (re.flags & RE2Flags.NON_GREEDY) !== 0);
			case Regexp.Op.QUEST: return this.quest(state.sub, (re.flags & RE2Flags.NON_GREEDY) !== 0);
			case Regexp.Op.CONCAT:
			case Regexp.Op.ALTERNATE: return state.f;
			default: throw new RE2JSCompileException("regexp: unhandled case in compile");
		}
	}
};
// src/Simplify.js
var Simplify = class Simplify {
	static simplify(re) {
		if (re === null) return null;
		return RegexpWalker.walk(re, Simplify.WALKER);
	}
	static WALKER = {
		leaf: (re) => Simplify.leaf(re),
		enter: (re) => Simplify.enter(re),
		child: (re, state, result, i) => Simplify.child(re, state, result, i),
		leave: (re, state) => Simplify.leave(re, state)
	};
	static leaf(re) {
		if (re.op === Regexp.Op.CHAR_CLASS) {
			if (re.runes === null) return re;
			if (re.runes.length === 0) return new Regexp(Regexp.Op.NO_MATCH);
			if (re.runes.length === 2 && re.runes[0] === 0 && re.runes[1] === Unicode.MAX_RUNE) return new Regexp(Regexp.Op.ANY_CHAR);
			if (re.runes.length === 4 && re.runes[0] === 0 && re.runes[1] === Codepoint.CODES["\n"] - 1 && re.runes[2] === Codepoint.CODES["\n"] + 1 && re.runes[3] === Unicode.MAX_RUNE) return new Regexp(Regexp.Op.ANY_CHAR_NOT_NL);
		}
		return re;
	}
	static enter(re) {
		switch (re.op) {
			case Regexp.Op.PLB:
			case Regexp.Op.NLB:
			case Regexp.Op.CAPTURE:
			case Regexp.Op.STAR:
			case Regexp.Op.PLUS:
			case Regexp.Op.QUEST: return { sub: null };
			case Regexp.Op.CONCAT:
			case Regexp.Op.ALTERNATE: return {
				subs: [],
				changed: false
			};
			case Regexp.Op.REPEAT:
				if (re.min === 0 && re.max === 0) return { result: new Regexp(Regexp.Op.EMPTY_MATCH) };
				return { sub: null };
			default: return { result: re };
		}
	}
	static child(re, state, nsub, i) {
		if (state.subs === void 0) {
			state.sub = nsub;
			return;
		}
		if (nsub !== re.subs[i]) state.changed = true;
		if (re.op === Regexp.Op.CONCAT) {
			if (nsub.op === Regexp.Op.NO_MATCH) {
				state.result = new Regexp(Regexp.Op.NO_MATCH);
				return;
			}
			if (nsub.op === Regexp.Op.EMPTY_MATCH) {
				state.changed = true;
				return;
			}
			if (nsub.op === Regexp.Op.CONCAT) {
				state.changed = true;
				for (let j = 0; j < nsub.subs.length; j++) state.subs.push(nsub.subs[j]);
				return;
			}
		} else {
			if (nsub.op === Regexp.Op.NO_MATCH) {
				state.changed = true;
				return;
			}
			if (nsub.op === Regexp.Op.ALTERNATE) {
				state.changed = true;
				for (let j = 0; j < nsub.subs.length; j++) state.subs.push(nsub.subs[j]);
				return;
			}
		}
		state.subs.push(nsub);
	}
	static leave(re, state) {
		switch (re.op) {
			case Regexp.Op.PLB:
			case Regexp.Op.NLB:
			case Regexp.Op.CAPTURE: {
				const sub = state.sub;
				if (sub !== re.subs[0]) {
					const nre = Regexp.fromRegexp(re);
					nre.runes = /* @__PURE__ */ new Int32Array(0);
					nre.subs = [sub];
					return nre;
				}
				return re;
			}
			case Regexp.Op.CONCAT:
			case Regexp.Op.ALTERNATE:
				if (state.changed) {
					const newSubs = state.subs;
					if (newSubs.length === 0) return new Regexp(re.op === Regexp.Op.CONCAT ? Regexp.Op.EMPTY_MATCH : Regexp.Op.NO_MATCH);
					if (newSubs.length === 1) return newSubs[0];
					const nre = Regexp.fromRegexp(re);
					nre.runes = /* @__PURE__ */ new Int32Array(0);
					nre.subs = newSubs;
					return nre;
				}
				return re;
			case Regexp.Op.STAR:
			case Regexp.Op.PLUS:
			case Regexp.Op.QUEST: return Simplify.simplify1(re.op, re.flags, state.sub, re);
			case Regexp.Op.REPEAT: return Simplify.simplifyRepeat(re, state.sub);
			default: return re;
		}
	}
	static simplifyRepeat(re, sub) {
		if (re.max === -1) {
			if (re.min === 0) return Simplify.simplify1(Regexp.Op.STAR, re.flags, sub, null);
			if (re.min === 1) return Simplify.simplify1(Regexp.Op.PLUS, re.flags, sub, null);
			const subs = [];
			for (let i = 0; i < re.min - 1; i++) subs.push(sub);
			subs.push(Simplify.simplify1(Regexp.Op.PLUS, re.flags, sub, null));
			return Simplify.concat(subs);
		}
		if (re.min === 1 && re.max === 1) return sub;
		let prefixSubs = null;
		if (re.min > 0) {
			prefixSubs = [];
			for (let i = 0; i < re.min; i++) prefixSubs.push(sub);
		}
		if (re.max > re.min) {
			let suffix = Simplify.simplify1(Regexp.Op.QUEST, re.flags, sub, null);
			for (let i = re.min + 1; i < re.max; i++) suffix = Simplify.simplify1(Regexp.Op.QUEST, re.flags, Simplify.concat([sub, suffix]), null);
			if (prefixSubs === null) return suffix;
			prefixSubs.push(suffix);
		}
		if (prefixSubs !== null) return Simplify.concat(prefixSubs);
		return new Regexp(Regexp.Op.NO_MATCH);
	}
	static concat(subs) {
		const newSubs = [];
		for (let i = 0; i < subs.length; i++) {
			const sub = subs[i];
			if (sub.op === Regexp.Op.NO_MATCH) return new Regexp(Regexp.Op.NO_MATCH);
			if (sub.op === Regexp.Op.EMPTY_MATCH) continue;
			if (sub.op === Regexp.Op.CONCAT) {
				for (let j = 0; j < sub.subs.length; j++) newSubs.push(sub.subs[j]);
				continue;
			}
			newSubs.push(sub);
		}
		if (newSubs.length === 0) return new Regexp(Regexp.Op.EMPTY_MATCH);
		if (newSubs.length === 1) return newSubs[0];
		const nre = new Regexp(Regexp.Op.CONCAT);
		nre.subs = newSubs;
		return nre;
	}
	static simplify1(op, flags, sub, re) {
		if (sub.op === Regexp.Op.EMPTY_MATCH) return sub;
		if (sub.op === Regexp.Op.NO_MATCH) {
			if (op === Regexp.Op.PLUS) return sub;
			return new Regexp(Regexp.Op.EMPTY_MATCH);
		}
		if (op === sub.op && (flags & RE2Flags.NON_GREEDY) === (sub.flags & RE2Flags.NON_GREEDY)) return sub;
		if (re !== null && re.op === op && (re.flags & RE2Flags.NON_GREEDY) === (flags & RE2Flags.NON_GREEDY) && sub === re.subs[0]) return re;
		const nre = new Regexp(op);
		nre.flags = flags;
		nre.subs = [sub];
		return nre;
	}
};
// src/CharGroup.js
var CharGroup = class {
	constructor(sign, cls) {
		this.sign = sign;
		this.cls = cls;
	}
};
const code1 = [48, 57];
const code2 = [
	9,
	10,
	12,
	13,
	32,
	32
];
const code3 = [
	48,
	57,
	65,
	90,
	95,
	95,
	97,
	122
];
const PERL_GROUPS = /* @__PURE__ */ new Map([
	["\\d", new CharGroup(1, code1)],
	["\\D", new CharGroup(-1, code1)],
	["\\s", new CharGroup(1, code2)],
	["\\S", new CharGroup(-1, code2)],
	["\\w", new CharGroup(1, code3)],
	["\\W", new CharGroup(-1, code3)]
]);
const code4 = [
	48,
	57,
	65,
	90,
	97,
	122
];
const code5 = [
	65,
	90,
	97,
	122
];
const code6 = [0, 127];
const code7 = [
	9,
	9,
	32,
	32
];
const code8 = [
	0,
	31,
	127,
	127
];
const code9 = [48, 57];
const code10 = [33, 126];
const code11 = [97, 122];
const code12 = [32, 126];
const code13 = [
	33,
	47,
	58,
	64,
	91,
	96,
	123,
	126
];
const code14 = [
	9,
	13,
	32,
	32
];
const code15 = [65, 90];
const code16 = [
	48,
	57,
	65,
	90,
	95,
	95,
	97,
	122
];
const code17 = [
	48,
	57,
	65,
	70,
	97,
	102
];
const POSIX_GROUPS = /* @__PURE__ */ new Map([
	["[:alnum:]", new CharGroup(1, code4)],
	["[:^alnum:]", new CharGroup(-1, code4)],
	["[:alpha:]", new CharGroup(1, code5)],
	["[:^alpha:]", new CharGroup(-1, code5)],
	["[:ascii:]", new CharGroup(1, code6)],
	["[:^ascii:]", new CharGroup(-1, code6)],
	["[:blank:]", new CharGroup(1, code7)],
	["[:^blank:]", new CharGroup(-1, code7)],
	["[:cntrl:]", new CharGroup(1, code8)],
	["[:^cntrl:]", new CharGroup(-1, code8)],
	["[:digit:]", new CharGroup(1, code9)],
	["[:^digit:]", new CharGroup(-1, code9)],
	["[:graph:]", new CharGroup(1, code10)],
	["[:^graph:]", new CharGroup(-1, code10)],
	["[:lower:]", new CharGroup(1, code11)],
	["[:^lower:]", new CharGroup(-1, code11)],
	["[:print:]", new CharGroup(1, code12)],
	["[:^print:]", new CharGroup(-1, code12)],
	["[:punct:]", new CharGroup(1, code13)],
	["[:^punct:]", new CharGroup(-1, code13)],
	["[:space:]", new CharGroup(1, code14)],
	["[:^space:]", new CharGroup(-1, code14)],
	["[:upper:]", new CharGroup(1, code15)],
	["[:^upper:]", new CharGroup(-1, code15)],
	["[:word:]", new CharGroup(1, code16)],
	["[:^word:]", new CharGroup(-1, code16)],
	["[:xdigit:]", new CharGroup(1, code17)],
	["[:^xdigit:]", new CharGroup(-1, code17)]
]);
// src/CharClass.js
/**
* A "builder"-style helper class for manipulating character classes represented as an array of
* pairs of runes [lo, hi], each denoting an inclusive interval.
*
* All methods mutate the internal state and return {@code this}, allowing operations to be chained.
*/
var CharClass = class CharClass {
	static charClassToString(r, len) {
		let result = "[";
		for (let i = 0; i < len; i += 2) {
			if (i > 0) result += " ";
			const lo = r[i];
			const hi = r[i + 1];
			if (lo === hi) result += `0x${lo.toString(16)}`;
			else result += `0x${lo.toString(16)}-0x${hi.toString(16)}`;
		}
		result += "]";
		return result;
	}
	static sortRanges(array, len) {
		const n = len >> 1;
		const order = new Array(n);
		for (let i = 0; i < n; i++) order[i] = i;
		order.sort((a, b) => array[2 * a] - array[2 * b] || array[2 * b + 1] - array[2 * a + 1]);
		const sorted = array.slice(0, len);
		for (let i = 0; i < n; i++) {
			array[2 * i] = sorted[2 * order[i]];
			array[2 * i + 1] = sorted[2 * order[i] + 1];
		}
	}
	/**
	* @param {number[]|Int32Array} [r]
	*/
	constructor(r = Utils.emptyInts()) {
		/** @type {number[]|Int32Array} */
		this.r = r;
		this.len = r.length;
	}
	toArray() {
		if (this.r instanceof Int32Array) return this.len === this.r.length ? this.r : this.r.subarray(0, this.len);
		return new Int32Array(this.len === this.r.length ? this.r : this.r.slice(0, this.len));
	}
	toGrowableArray() {
		if (Array.isArray(this.r)) {
			this.r.length = this.len;
			return this.r;
		}
		return Array.from(this.r.subarray(0, this.len));
	}
	cleanClass() {
		if (this.len < 4) return this;
		CharClass.sortRanges(this.r, this.len);
		let w = 2;
		for (let i = 2; i < this.len; i += 2) {
			const lo = this.r[i];
			const hi = this.r[i + 1];
			if (lo <= this.r[w - 1] + 1) {
				if (hi > this.r[w - 1]) this.r[w - 1] = hi;
				continue;
			}
			this.r[w] = lo;
			this.r[w + 1] = hi;
			w += 2;
		}
		this.len = w;
		return this;
	}
	appendLiteral(x, flags) {
		return (flags & RE2Flags.FOLD_CASE) !== 0 ? this.appendFoldedRange(x, x) : this.appendRange(x, x);
	}
	appendRange(lo, hi) {
		if (this.len > 0) {
			for (let i = 2; i <= 4; i += 2) if (this.len >= i) {
				const rlo = this.r[this.len - i];
				const rhi = this.r[this.len - i + 1];
				if (lo <= rhi + 1 && rlo <= hi + 1) {
					if (lo < rlo) this.r[this.len - i] = lo;
					if (hi > rhi) this.r[this.len - i + 1] = hi;
					return this;
				}
			}
		}
		this.r[this.len++] = lo;
		this.r[this.len++] = hi;
		return this;
	}
	appendFoldedRange(lo, hi) {
		if (lo <= Unicode.MIN_FOLD && hi >= Unicode.MAX_FOLD) return this.appendRange(lo, hi);
		if (hi < Unicode.MIN_FOLD || lo > Unicode.MAX_FOLD) return this.appendRange(lo, hi);
		if (lo < Unicode.MIN_FOLD) {
			this.appendRange(lo, Unicode.MIN_FOLD - 1);
			lo = Unicode.MIN_FOLD;
		}
		if (hi > Unicode.MAX_FOLD) {
			this.appendRange(Unicode.MAX_FOLD + 1, hi);
			hi = Unicode.MAX_FOLD;
		}
		for (let c = lo; c <= hi; c++) {
			this.appendRange(c, c);
			for (let f = Unicode.simpleFold(c); f !== c; f = Unicode.simpleFold(f)) this.appendRange(f, f);
		}
		return this;
	}
	appendClass(x) {
		for (let i = 0; i < x.length; i += 2) this.appendRange(x[i], x[i + 1]);
		return this;
	}
	appendFoldedClass(x) {
		for (let i = 0; i < x.length; i += 2) this.appendFoldedRange(x[i], x[i + 1]);
		return this;
	}
	appendNegatedClass(x) {
		let nextLo = 0;
		for (let i = 0; i < x.length; i += 2) {
			const lo = x[i];
			const hi = x[i + 1];
			if (nextLo <= lo - 1) this.appendRange(nextLo, lo - 1);
			nextLo = hi + 1;
		}
		if (nextLo <= Unicode.MAX_RUNE) this.appendRange(nextLo, Unicode.MAX_RUNE);
		return this;
	}
	appendTable(table) {
		for (let i = 0; i < table.length; ++i) {
			const lo = table.getLo(i);
			const hi = table.getHi(i);
			const stride = table.getStride(i);
			if (stride === 1) {
				this.appendRange(lo, hi);
				continue;
			}
			for (let c = lo; c <= hi; c += stride) this.appendRange(c, c);
		}
		return this;
	}
	appendNegatedTable(table) {
		let nextLo = 0;
		for (let i = 0; i < table.length; ++i) {
			const lo = table.getLo(i);
			const hi = table.getHi(i);
			const stride = table.getStride(i);
			if (stride === 1) {
				if (nextLo <= lo - 1) this.appendRange(nextLo, lo - 1);
				nextLo = hi + 1;
				continue;
			}
			for (let c = lo; c <= hi; c += stride) {
				if (nextLo <= c - 1) this.appendRange(nextLo, c - 1);
				nextLo = c + 1;
			}
		}
		if (nextLo <= Unicode.MAX_RUNE) this.appendRange(nextLo, Unicode.MAX_RUNE);
		return this;
	}
	appendTableWithSign(table, sign) {
		return sign < 0 ? this.appendNegatedTable(table) : this.appendTable(table);
	}
	negateClass() {
		let nextLo = 0;
		let w = 0;
		for (let i = 0; i < this.len; i += 2) {
			const lo = this.r[i];
			const hi = this.r[i + 1];
			if (nextLo <= lo - 1) {
				this.r[w] = nextLo;
				this.r[w + 1] = lo - 1;
				w += 2;
			}
			nextLo = hi + 1;
		}
		this.len = w;
		if (nextLo <= Unicode.MAX_RUNE) {
			this.r[this.len++] = nextLo;
			this.r[this.len++] = Unicode.MAX_RUNE;
		}
		return this;
	}
	appendClassWithSign(x, sign) {
		return sign < 0 ? this.appendNegatedClass(x) : this.appendClass(x);
	}
	appendGroup(g, foldCase) {
		let cls = g.cls;
		if (foldCase) cls = new CharClass().appendFoldedClass(cls).cleanClass().toArray();
		return this.appendClassWithSign(cls, g.sign);
	}
	toString() {
		return CharClass.charClassToString(this.r, this.len);
	}
};
// src/Parser.js
var StringIterator = class {
	constructor(str) {
		this.str = str;
		this.position = 0;
	}
	pos() {
		return this.position;
	}
	rewindTo(pos) {
		this.position = pos;
	}
	more() {
		return this.position < this.str.length;
	}
	peek() {
		return this.str.codePointAt(this.position);
	}
	skip(n) {
		this.position += n;
	}
	skipString(s) {
		this.position += s.length;
	}
	pop() {
		const r = this.str.codePointAt(this.position);
		this.position += Utils.charCount(r);
		return r;
	}
	lookingAt(s) {
		return this.str.startsWith(s, this.position);
	}
	rest() {
		return this.str.substring(this.position);
	}
	from(beforePos) {
		return this.str.substring(beforePos, this.position);
	}
	toString() {
		return this.rest();
	}
};
/**
* A parser of regular expression patterns.
*
* The only public entry point is {@link #parse(String pattern, int flags)}.
*/
var build_Parser = class Parser {
	static ERR_INTERNAL_ERROR = "regexp/syntax: internal error";
	static ERR_INVALID_CHAR_RANGE = "invalid character class range";
	static ERR_INVALID_ESCAPE = "invalid escape sequence";
	static ERR_INVALID_NAMED_CAPTURE = "invalid named capture";
	static ERR_INVALID_PERL_OP = "invalid or unsupported Perl syntax";
	static ERR_INVALID_REPEAT_OP = "invalid nested repetition operator";
	static ERR_INVALID_REPEAT_SIZE = "invalid repeat count";
	static ERR_MISSING_BRACKET = "missing closing ]";
	static ERR_MISSING_PAREN = "missing closing )";
	static ERR_MISSING_REPEAT_ARGUMENT = "missing argument to repetition operator";
	static ERR_TRAILING_BACKSLASH = "trailing backslash at end of expression";
	static ERR_DUPLICATE_NAMED_CAPTURE = "duplicate capture group name";
	static ERR_UNEXPECTED_PAREN = "unexpected )";
	static ERR_NESTING_DEPTH = "expression nests too deeply";
	static ERR_LARGE = "expression too large";
	static ERR_INVALID_CAPTURE_IN_LOOKBEHIND = "invalid capture in lookbehind";
	static MAX_HEIGHT = 1e3;
	static MAX_SIZE = 1398101;
	static MAX_RUNES = 33554432;
	static ANY_TABLE = new UnicodeRangeTable(new Uint32Array([
		0,
		Unicode.MAX_RUNE,
		1
	]));
	static ASCII_TABLE = new UnicodeRangeTable(new Uint32Array([
		0,
		127,
		1
	]));
	static ASCII_FOLD_TABLE = new UnicodeRangeTable(new Uint32Array([
		0,
		127,
		1,
		383,
		383,
		1,
		8490,
		8490,
		1
	]));
	static unicodeTable(name) {
		if (name === "Any") return {
			tab: Parser.ANY_TABLE,
			fold: Parser.ANY_TABLE,
			sign: 1
		};
		if (name === "Ascii") return {
			tab: Parser.ASCII_TABLE,
			fold: Parser.ASCII_FOLD_TABLE,
			sign: 1
		};
		if (name === "Assigned") return {
			tab: UnicodeTables.CATEGORIES.get("Cn"),
			fold: UnicodeTables.CATEGORIES.get("Cn"),
			sign: -1
		};
		if (name === "Lc") return {
			tab: UnicodeTables.CATEGORIES.get("LC"),
			fold: UnicodeTables.FOLD_CATEGORIES.get("LC"),
			sign: 1
		};
		if (UnicodeTables.CATEGORIES.has(name)) return {
			tab: UnicodeTables.CATEGORIES.get(name),
			fold: UnicodeTables.FOLD_CATEGORIES.get(name),
			sign: 1
		};
		if (UnicodeTables.SCRIPTS.has(name)) return {
			tab: UnicodeTables.SCRIPTS.get(name),
			fold: UnicodeTables.FOLD_SCRIPT.get(name),
			sign: 1
		};
		return null;
	}
	static minFoldRune(r) {
		if (r < Unicode.MIN_FOLD || r > Unicode.MAX_FOLD) return r;
		let min = r;
		const r0 = r;
		for (r = Unicode.simpleFold(r); r !== r0; r = Unicode.simpleFold(r)) if (min > r) min = r;
		return min;
	}
	static leadingRegexp(re) {
		if (re.op === Regexp.Op.EMPTY_MATCH) return null;
		if (re.op === Regexp.Op.CONCAT && re.subs.length > 0) {
			const sub = re.subs[0];
			if (sub.op === Regexp.Op.EMPTY_MATCH) return null;
			return sub;
		}
		return re;
	}
	static literalRegexp(s, flags) {
		const re = new Regexp(Regexp.Op.LITERAL);
		re.flags = flags;
		re.runes = Utils.stringToRunes(s);
		return re;
	}
	/**
	* Parse regular expression pattern {@code pattern} with mode flags {@code flags}.
	* @param {string} pattern
	* @param {number} flags
	*/
	static parse(pattern, flags) {
		return new Parser(pattern, flags).parseInternal();
	}
	static parseRepeat(t) {
		const start = t.pos();
		if (!t.more() || !t.lookingAt("{")) return -1;
		t.skip(1);
		const min = Parser.parseInt(t);
		if (min === -1) return -1;
		if (!t.more()) return -1;
		let max;
		if (!t.lookingAt(",")) max = min;
		else {
			t.skip(1);
			if (!t.more()) return -1;
			if (t.lookingAt("}")) max = -1;
			else if ((max = Parser.parseInt(t)) === -1) return -1;
		}
		if (!t.more() || !t.lookingAt("}")) return -1;
		t.skip(1);
		if (min < 0 || min > 1e3 || max === -2 || max > 1e3 || max >= 0 && min > max) throw new RE2JSSyntaxException(Parser.ERR_INVALID_REPEAT_SIZE, t.from(start));
		return min << 16 | max & Unicode.MAX_BMP;
	}
	static isValidCaptureName(name) {
		if (name.length === 0) return false;
		for (let i = 0; i < name.length; i++) {
			const c = name.codePointAt(i);
			if (c !== Codepoint.CODES["_"] && !Utils.isalnum(c)) return false;
		}
		return true;
	}
	static parseInt(t) {
		const start = t.pos();
		while (t.more() && t.peek() >= Codepoint.CODES["0"] && t.peek() <= Codepoint.CODES["9"]) t.skip(1);
		const n = t.from(start);
		if (n.length === 0 || n.length > 1 && n.codePointAt(0) === Codepoint.CODES["0"]) return -1;
		if (n.length > 8) return -2;
		return parseInt(n, 10);
	}
	static isCharClass(re) {
		return re.op === Regexp.Op.LITERAL && re.runes.length === 1 || re.op === Regexp.Op.CHAR_CLASS || re.op === Regexp.Op.ANY_CHAR_NOT_NL || re.op === Regexp.Op.ANY_CHAR;
	}
	static matchRune(re, r) {
		switch (re.op) {
			case Regexp.Op.LITERAL: return re.runes.length === 1 && re.runes[0] === r;
			case Regexp.Op.CHAR_CLASS:
				for (let i = 0; i < re.runes.length; i += 2) if (re.runes[i] <= r && r <= re.runes[i + 1]) return true;
				return false;
			case Regexp.Op.ANY_CHAR_NOT_NL: return r !== Codepoint.CODES["\n"];
			case Regexp.Op.ANY_CHAR: return true;
		}
		return false;
	}
	static mergeCharClass(dst, src) {
		switch (dst.op) {
			case Regexp.Op.ANY_CHAR: break;
			case Regexp.Op.ANY_CHAR_NOT_NL:
				if (Parser.matchRune(src, Codepoint.CODES["\n"])) dst.op = Regexp.Op.ANY_CHAR;
				break;
			case Regexp.Op.CHAR_CLASS: {
				const cc = new CharClass(Array.isArray(dst.runes) ? dst.runes : Array.from(dst.runes));
				if (src.op === Regexp.Op.LITERAL) cc.appendLiteral(src.runes[0], src.flags);
				else cc.appendClass(src.runes);
				dst.runes = cc.toGrowableArray();
				break;
			}
			case Regexp.Op.LITERAL:
				if (src.runes[0] === dst.runes[0] && src.flags === dst.flags) break;
				dst.op = Regexp.Op.CHAR_CLASS;
				dst.runes = new CharClass().appendLiteral(dst.runes[0], dst.flags).appendLiteral(src.runes[0], src.flags).toGrowableArray();
		}
	}
	static parseEscape(t) {
		const startPos = t.pos();
		t.skip(1);
		if (!t.more()) throw new RE2JSSyntaxException(Parser.ERR_TRAILING_BACKSLASH);
		let c = t.pop();
		bigswitch: switch (c) {
			case Codepoint.CODES["1"]:
			case Codepoint.CODES["2"]:
			case Codepoint.CODES["3"]:
			case Codepoint.CODES["4"]:
			case Codepoint.CODES["5"]:
			case Codepoint.CODES["6"]:
			case Codepoint.CODES["7"]: if (!t.more() || t.peek() < Codepoint.CODES["0"] || t.peek() > Codepoint.CODES["7"]) break;
			case Codepoint.CODES["0"]: {
				let r = c - Codepoint.CODES["0"];
				for (let i = 1; i < 3; i++) {
					if (!t.more() || t.peek() < Codepoint.CODES["0"] || t.peek() > Codepoint.CODES["7"]) break;
					r = r * 8 + t.peek() - Codepoint.CODES["0"];
					t.skip(1);
				}
				return r;
			}
			case Codepoint.CODES["x"]: {
				if (!t.more()) break;
				c = t.pop();
				if (c === Codepoint.CODES["{"]) {
					let nhex = 0;
					let r = 0;
					while (true) {
						if (!t.more()) break bigswitch;
						c = t.pop();
						if (c === Codepoint.CODES["}"]) break;
						const v = Utils.unhex(c);
						if (v < 0) break bigswitch;
						r = r * 16 + v;
						if (r > Unicode.MAX_RUNE) break bigswitch;
						nhex++;
					}
					if (nhex === 0) break bigswitch;
					return r;
				}
				const x = Utils.unhex(c);
				if (!t.more()) break;
				c = t.pop();
				const y = Utils.unhex(c);
				if (x < 0 || y < 0) break;
				return x * 16 + y;
			}
			case Codepoint.CODES["a"]: return Codepoint.CODES["\x07"];
			case Codepoint.CODES["f"]: return Codepoint.CODES["\f"];
			case Codepoint.CODES["n"]: return Codepoint.CODES["\n"];
			case Codepoint.CODES["r"]: return Codepoint.CODES["\r"];
			case Codepoint.CODES["t"]: return Codepoint.CODES["	"];
			case Codepoint.CODES["v"]: return Codepoint.CODES["\v"];
			default: if (c <= Unicode.MAX_ASCII && !Utils.isalnum(c)) return c;
		}
		throw new RE2JSSyntaxException(Parser.ERR_INVALID_ESCAPE, t.from(startPos));
	}
	static parseClassChar(t, wholeClassPos) {
		if (!t.more()) throw new RE2JSSyntaxException(Parser.ERR_MISSING_BRACKET, t.from(wholeClassPos));
		if (t.lookingAt("\\")) return Parser.parseEscape(t);
		return t.pop();
	}
	static hasCapture(re) {
		if (re === null) return false;
		if (re.op === Regexp.Op.CAPTURE) return true;
		if (re.subs) {
			for (let sub of re.subs) if (Parser.hasCapture(sub)) return true;
		}
		return false;
	}
	constructor(wholeRegexp, flags = 0) {
		this.wholeRegexp = wholeRegexp;
		this.flags = flags;
		this.numCap = 0;
		this.namedGroups = Object.create(null);
		this.stack = [];
		this.free = null;
		this.numRegexp = 0;
		this.numRunes = 0;
		this.repeats = 0;
		this.height = null;
		this.size = null;
		this.nlb = 0;
	}
	newRegexp(op) {
		let re = this.free;
		if (re !== null && re.subs !== null && re.subs.length > 0) {
			this.free = re.subs[0];
			re.reinit();
			re.op = op;
		} else {
			re = new Regexp(op);
			this.numRegexp += 1;
		}
		return re;
	}
	reuse(re) {
		if (this.height !== null && this.height.has(re)) this.height.delete(re);
		if (re.subs !== null && re.subs.length > 0) re.subs[0] = this.free;
		this.free = re;
	}
	checkLimits(re) {
		if (this.numRunes > Parser.MAX_RUNES) throw new RE2JSSyntaxException(Parser.ERR_LARGE);
		this.checkSize(re);
		this.checkHeight(re);
	}
	checkSize(re) {
		if (this.size === null) {
			if (this.repeats === 0) this.repeats = 1;
			if (re.op === Regexp.Op.REPEAT) {
				let n = re.max;
				if (n === -1) n = re.min;
				if (n <= 0) n = 1;
				if (n > Math.floor(Parser.MAX_SIZE / this.repeats)) this.repeats = Parser.MAX_SIZE;
				else this.repeats *= n;
			}
			if (this.numRegexp < Math.floor(Parser.MAX_SIZE / this.repeats)) return;
			this.size = /* @__PURE__ */ new Map();
			for (let reEx of this.stack) this.checkSize(reEx);
		}
		if (this.calcSize(re, true) > Parser.MAX_SIZE) throw new RE2JSSyntaxException(Parser.ERR_LARGE);
	}
	calcSize(re, force = false) {
		if (!force && this.size !== null) {
			if (this.size.has(re)) return this.size.get(re);
		}
		let size = 0;
		switch (re.op) {
			case Regexp.Op.LITERAL:
				size = re.runes.length;
				break;
			case Regexp.Op.PLB:
			case Regexp.Op.NLB:
			case Regexp.Op.CAPTURE:
			case Regexp.Op.STAR:
				size = 2 + this.calcSize(re.subs[0]);
				break;
			case Regexp.Op.PLUS:
			case Regexp.Op.QUEST:
				size = 1 + this.calcSize(re.subs[0]);
				break;
			case Regexp.Op.CONCAT:
				for (let sub of re.subs) size = size + this.calcSize(sub);
				break;
			case Regexp.Op.ALTERNATE:
				for (let sub of re.subs) size = size + this.calcSize(sub);
				if (re.subs.length > 1) size = size + re.subs.length - 1;
				break;
			case Regexp.Op.REPEAT: {
				let sub = this.calcSize(re.subs[0]);
				if (re.max === -1) {
					if (re.min === 0) size = 2 + sub;
					else size = 1 + re.min * sub;
					break;
				}
				size = re.max * sub + (re.max - re.min);
				break;
			}
		}
		size = Math.max(1, size);
		if (this.size === null) this.size = /* @__PURE__ */ new Map();
		this.size.set(re, size);
		return size;
	}
	checkHeight(re) {
		if (this.numRegexp < Parser.MAX_HEIGHT) return;
		if (this.height === null) {
			this.height = /* @__PURE__ */ new Map();
			for (let reEx of this.stack) this.checkHeight(reEx);
		}
		if (this.calcHeight(re, true) > Parser.MAX_HEIGHT) throw new RE2JSSyntaxException(Parser.ERR_NESTING_DEPTH);
	}
	calcHeight(re, force = false) {
		if (!force && this.height !== null) {
			if (this.height.has(re)) return this.height.get(re);
		}
		let h = 1;
		for (let sub of re.subs) {
			const hsub = this.calcHeight(sub);
			if (h < 1 + hsub) h = 1 + hsub;
		}
		if (this.height === null) this.height = /* @__PURE__ */ new Map();
		this.height.set(re, h);
		return h;
	}
	pop() {
		return this.stack.pop();
	}
	popToPseudo() {
		const n = this.stack.length;
		let i = n;
		while (i > 0 && !Regexp.isPseudoOp(this.stack[i - 1].op)) i--;
		return this.stack.splice(i, n - i);
	}
	push(re) {
		this.numRunes += re.runes.length;
		if (re.op === Regexp.Op.CHAR_CLASS && re.runes.length === 2 && re.runes[0] === re.runes[1]) {
			if (this.maybeConcat(re.runes[0], this.flags & ~RE2Flags.FOLD_CASE)) return null;
			re.op = Regexp.Op.LITERAL;
			re.runes = [re.runes[0]];
			re.flags = this.flags & ~RE2Flags.FOLD_CASE;
		} else if (re.op === Regexp.Op.CHAR_CLASS && re.runes.length === 4 && re.runes[0] === re.runes[1] && re.runes[2] === re.runes[3] && Unicode.simpleFold(re.runes[0]) === re.runes[2] && Unicode.simpleFold(re.runes[2]) === re.runes[0] || re.op === Regexp.Op.CHAR_CLASS && re.runes.length === 2 && re.runes[0] + 1 === re.runes[1] && Unicode.simpleFold(re.runes[0]) === re.runes[1] && Unicode.simpleFold(re.runes[1]) === re.runes[0]) {
			if (this.maybeConcat(re.runes[0], this.flags | RE2Flags.FOLD_CASE)) return null;
			re.op = Regexp.Op.LITERAL;
			re.runes = [re.runes[0]];
			re.flags = this.flags | RE2Flags.FOLD_CASE;
		} else this.maybeConcat(-1, 0);
		this.stack.push(re);
		this.checkLimits(re);
		return re;
	}
	maybeConcat(r, flags) {
		const n = this.stack.length;
		if (n < 2) return false;
		const re1 = this.stack[n - 1];
		const re2 = this.stack[n - 2];
		if (re1.op !== Regexp.Op.LITERAL || re2.op !== Regexp.Op.LITERAL || (re1.flags & RE2Flags.FOLD_CASE) !== (re2.flags & RE2Flags.FOLD_CASE)) return false;
		if (!Array.isArray(re2.runes)) re2.runes = Array.from(re2.runes);
		for (let i = 0; i < re1.runes.length; i++) re2.runes.push(re1.runes[i]);
		if (r >= 0) {
			re1.runes = [r];
			re1.flags = flags;
			return true;
		}
		this.pop();
		this.reuse(re1);
		return false;
	}
	newLiteral(r, flags) {
		const re = this.newRegexp(Regexp.Op.LITERAL);
		re.flags = flags;
		if ((flags & RE2Flags.FOLD_CASE) !== 0) r = Parser.minFoldRune(r);
		re.runes = [r];
		return re;
	}
	literal(r) {
		this.push(this.newLiteral(r, this.flags));
	}
	op(op) {
		const re = this.newRegexp(op);
		re.flags = this.flags;
		return this.push(re);
	}
	repeat(op, min, max, beforePos, t, lastRepeatPos) {
		let flags = this.flags;
		if ((flags & RE2Flags.PERL_X) !== 0) {
			if (t.more() && t.lookingAt("?")) {
				t.skip(1);
				flags ^= RE2Flags.NON_GREEDY;
			}
			if (lastRepeatPos !== -1) throw new RE2JSSyntaxException(Parser.ERR_INVALID_REPEAT_OP, t.from(lastRepeatPos));
		}
		const n = this.stack.length;
		if (n === 0) throw new RE2JSSyntaxException(Parser.ERR_MISSING_REPEAT_ARGUMENT, t.from(beforePos));
		const sub = this.stack[n - 1];
		if (Regexp.isPseudoOp(sub.op)) throw new RE2JSSyntaxException(Parser.ERR_MISSING_REPEAT_ARGUMENT, t.from(beforePos));
		const re = this.newRegexp(op);
		re.min = min;
		re.max = max;
		re.flags = flags;
		re.subs = [sub];
		this.stack[n - 1] = re;
		this.checkLimits(re);
		if (op === Regexp.Op.REPEAT && (min >= 2 || max >= 2) && !this.repeatIsValid(re, 1e3)) throw new RE2JSSyntaxException(Parser.ERR_INVALID_REPEAT_SIZE, t.from(beforePos));
	}
	repeatIsValid(re, n) {
		if (re.op === Regexp.Op.REPEAT) {
			let m = re.max;
			if (m === 0) return true;
			if (m < 0) m = re.min;
			if (m > n) return false;
			if (m > 0) n = Math.trunc(n / m);
		}
		for (let sub of re.subs) if (!this.repeatIsValid(sub, n)) return false;
		return true;
	}
	concat() {
		this.maybeConcat(-1, 0);
		const subs = this.popToPseudo();
		if (subs.length === 0) return this.push(this.newRegexp(Regexp.Op.EMPTY_MATCH));
		return this.push(this.collapse(subs, Regexp.Op.CONCAT));
	}
	alternate() {
		const subs = this.popToPseudo();
		if (subs.length > 0) this.cleanAlt(subs[subs.length - 1]);
		if (subs.length === 0) return this.push(this.newRegexp(Regexp.Op.NO_MATCH));
		return this.push(this.collapse(subs, Regexp.Op.ALTERNATE));
	}
	cleanAlt(re) {
		if (re.op === Regexp.Op.CHAR_CLASS) {
			re.runes = new CharClass(Array.from(re.runes)).cleanClass().toArray();
			if (re.runes.length === 2 && re.runes[0] === 0 && re.runes[1] === Unicode.MAX_RUNE) {
				re.runes = /* @__PURE__ */ new Int32Array(0);
				re.op = Regexp.Op.ANY_CHAR;
			} else if (re.runes.length === 4 && re.runes[0] === 0 && re.runes[1] === Codepoint.CODES["\n"] - 1 && re.runes[2] === Codepoint.CODES["\n"] + 1 && re.runes[3] === Unicode.MAX_RUNE) {
				re.runes = /* @__PURE__ */ new Int32Array(0);
				re.op = Regexp.Op.ANY_CHAR_NOT_NL;
			}
		}
	}
	collapse(subs, op) {
		if (subs.length === 1) return subs[0];
		let len = 0;
		for (let sub of subs) len += sub.op === op ? sub.subs.length : 1;
		let newsubs = new Array(len).fill(null);
		let i = 0;
		for (let sub of subs) if (sub.op === op) {
			for (let j = 0; j < sub.subs.length; j++) newsubs[i++] = sub.subs[j];
			this.reuse(sub);
		} else newsubs[i++] = sub;
		let re = this.newRegexp(op);
		re.subs = newsubs;
		if (op === Regexp.Op.ALTERNATE) {
			re.subs = this.factor(re.subs);
			if (re.subs.length === 1) {
				const old = re;
				re = re.subs[0];
				this.reuse(old);
			}
		}
		return re;
	}
	factor(array) {
		if (array.length < 2) return array;
		let s = 0;
		let lensub = array.length;
		let lenout = 0;
		let str = null;
		let strlen = 0;
		let strflags = 0;
		let start = 0;
		for (let i = 0; i <= lensub; i++) {
			let istr = null;
			let istrlen = 0;
			let iflags = 0;
			if (i < lensub) {
				let re = array[s + i];
				if (re.op === Regexp.Op.CONCAT && re.subs.length > 0) re = re.subs[0];
				if (re.op === Regexp.Op.LITERAL) {
					istr = re.runes;
					istrlen = re.runes.length;
					iflags = re.flags & RE2Flags.FOLD_CASE;
				}
				if (iflags === strflags) {
					let same = 0;
					while (same < strlen && same < istrlen && str[same] === istr[same]) same++;
					if (same > 0) {
						strlen = same;
						continue;
					}
				}
			}
			if (i === start) {} else if (i === start + 1) array[lenout++] = array[s + start];
			else {
				const prefix = this.newRegexp(Regexp.Op.LITERAL);
				prefix.flags = strflags;
				prefix.runes = str.slice(0, strlen);
				for (let j = start; j < i; j++) {
					array[s + j] = this.removeLeadingString(array[s + j], strlen);
					this.checkLimits(array[s + j]);
				}
				const suffix = this.collapse(array.slice(s + start, s + i), Regexp.Op.ALTERNATE);
				const re = this.newRegexp(Regexp.Op.CONCAT);
				re.subs = [prefix, suffix];
				array[lenout++] = re;
			}
			start = i;
			str = istr;
			strlen = istrlen;
			strflags = iflags;
		}
		lensub = lenout;
		s = 0;
		start = 0;
		lenout = 0;
		let first = null;
		for (let i = 0; i <= lensub; i++) {
			let ifirst = null;
			if (i < lensub) {
				ifirst = Parser.leadingRegexp(array[s + i]);
				if (first !== null && first.equals(ifirst) && (Parser.isCharClass(first) || first.op === Regexp.Op.REPEAT && first.min === first.max && Parser.isCharClass(first.subs[0]))) continue;
			}
			if (i === start) {} else if (i === start + 1) array[lenout++] = array[s + start];
			else {
				const prefix = first;
				for (let j = start; j < i; j++) {
					const reuse = j !== start;
					array[s + j] = this.removeLeadingRegexp(array[s + j], reuse);
					this.checkLimits(array[s + j]);
				}
				const suffix = this.collapse(array.slice(s + start, s + i), Regexp.Op.ALTERNATE);
				const re = this.newRegexp(Regexp.Op.CONCAT);
				re.subs = [prefix, suffix];
				array[lenout++] = re;
			}
			start = i;
			first = ifirst;
		}
		lensub = lenout;
		s = 0;
		start = 0;
		lenout = 0;
		for (let i = 0; i <= lensub; i++) {
			if (i < lensub && Parser.isCharClass(array[s + i])) continue;
			if (i === start) {} else if (i === start + 1) array[lenout++] = array[s + start];
			else {
				let max = start;
				for (let j = start + 1; j < i; j++) {
					const subMax = array[s + max];
					const subJ = array[s + j];
					if (subMax.op < subJ.op || subMax.op === subJ.op && (subMax.runes !== null ? subMax.runes.length : 0) < (subJ.runes !== null ? subJ.runes.length : 0)) max = j;
				}
				const tmp = array[s + start];
				array[s + start] = array[s + max];
				array[s + max] = tmp;
				for (let j = start + 1; j < i; j++) {
					Parser.mergeCharClass(array[s + start], array[s + j]);
					this.reuse(array[s + j]);
				}
				this.cleanAlt(array[s + start]);
				array[lenout++] = array[s + start];
			}
			if (i < lensub) array[lenout++] = array[s + i];
			start = i + 1;
		}
		lensub = lenout;
		s = 0;
		start = 0;
		lenout = 0;
		for (let i = 0; i < lensub; ++i) {
			if (i + 1 < lensub && array[s + i].op === Regexp.Op.EMPTY_MATCH && array[s + i + 1].op === Regexp.Op.EMPTY_MATCH) continue;
			array[lenout++] = array[s + i];
		}
		lensub = lenout;
		s = 0;
		return array.slice(s, lensub);
	}
	removeLeadingString(re, n) {
		if (re.op === Regexp.Op.CONCAT && re.subs.length > 0) {
			const sub = this.removeLeadingString(re.subs[0], n);
			re.subs[0] = sub;
			if (sub.op === Regexp.Op.EMPTY_MATCH) {
				this.reuse(sub);
				switch (re.subs.length) {
					case 0:
					case 1:
						re.op = Regexp.Op.EMPTY_MATCH;
						re.subs = Regexp.emptySubs();
						break;
					case 2: {
						const old = re;
						re = re.subs[1];
						this.reuse(old);
						break;
					}
					default: re.subs = re.subs.slice(1, re.subs.length);
				}
			}
			return re;
		}
		if (re.op === Regexp.Op.LITERAL) {
			re.runes = re.runes.slice(n, re.runes.length);
			if (re.runes.length === 0) re.op = Regexp.Op.EMPTY_MATCH;
		}
		return re;
	}
	removeLeadingRegexp(re, reuse) {
		if (re.op === Regexp.Op.CONCAT && re.subs.length > 0) {
			if (reuse) this.reuse(re.subs[0]);
			re.subs = re.subs.slice(1, re.subs.length);
			switch (re.subs.length) {
				case 0:
					re.op = Regexp.Op.EMPTY_MATCH;
					re.subs = Regexp.emptySubs();
					break;
				case 1: {
					const old = re;
					re = re.subs[0];
					this.reuse(old);
					break;
				}
			}
			return re;
		}
		if (reuse) this.reuse(re);
		return this.newRegexp(Regexp.Op.EMPTY_MATCH);
	}
	parseInternal() {
		if ((this.flags & RE2Flags.LITERAL) !== 0) return Parser.literalRegexp(this.wholeRegexp, this.flags);
		let lastRepeatPos = -1;
		let min = -1;
		let max = -1;
		const t = new StringIterator(this.wholeRegexp);
		while (t.more()) {
			let repeatPos = -1;
			bigswitch: switch (t.peek()) {
				case Codepoint.CODES["("]:
					if ((this.flags & RE2Flags.LOOKBEHIND) !== 0) {
						if (t.lookingAt("(?<=")) {
							this.parsePosLookBehind();
							t.skip(4);
							break;
						}
						if (t.lookingAt("(?<!")) {
							this.parseNegLookBehind();
							t.skip(4);
							break;
						}
					}
					if ((this.flags & RE2Flags.PERL_X) !== 0 && t.lookingAt("(?")) {
						this.parsePerlFlags(t);
						break;
					}
					this.op(Regexp.Op.LEFT_PAREN).cap = ++this.numCap;
					t.skip(1);
					break;
				case Codepoint.CODES["|"]:
					this.parseVerticalBar();
					t.skip(1);
					break;
				case Codepoint.CODES[")"]:
					this.parseRightParen();
					t.skip(1);
					break;
				case Codepoint.CODES["^"]:
					if ((this.flags & RE2Flags.ONE_LINE) !== 0) this.op(Regexp.Op.BEGIN_TEXT);
					else this.op(Regexp.Op.BEGIN_LINE);
					t.skip(1);
					break;
				case Codepoint.CODES["$"]:
					if ((this.flags & RE2Flags.ONE_LINE) !== 0) this.op(Regexp.Op.END_TEXT).flags |= RE2Flags.WAS_DOLLAR;
					else this.op(Regexp.Op.END_LINE);
					t.skip(1);
					break;
				case Codepoint.CODES["."]:
					if ((this.flags & RE2Flags.DOT_NL) !== 0) this.op(Regexp.Op.ANY_CHAR);
					else this.op(Regexp.Op.ANY_CHAR_NOT_NL);
					t.skip(1);
					break;
				case Codepoint.CODES["["]:
					this.parseClass(t);
					break;
				case Codepoint.CODES["*"]:
				case Codepoint.CODES["+"]:
				case Codepoint.CODES["?"]: {
					repeatPos = t.pos();
					let op = null;
					switch (t.pop()) {
						case Codepoint.CODES["*"]:
							op = Regexp.Op.STAR;
							break;
						case Codepoint.CODES["+"]:
							op = Regexp.Op.PLUS;
							break;
						case Codepoint.CODES["?"]: op = Regexp.Op.QUEST;
					}
					this.repeat(op, min, max, repeatPos, t, lastRepeatPos);
					break;
				}
				case Codepoint.CODES["{"]: {
					const before = t.pos();
					const minMax = Parser.parseRepeat(t);
					if (minMax < 0) {
						t.rewindTo(before);
						this.literal(t.pop());
						break;
					}
					repeatPos = before;
					min = minMax >> 16;
					max = (minMax & Unicode.MAX_BMP) << 16 >> 16;
					this.repeat(Regexp.Op.REPEAT, min, max, repeatPos, t, lastRepeatPos);
					break;
				}
				case Codepoint.CODES["\\"]: {
					const savedPos = t.pos();
					t.skip(1);
					if ((this.flags & RE2Flags.PERL_X) !== 0 && t.more()) switch (t.pop()) {
						case Codepoint.CODES["A"]:
							this.op(Regexp.Op.BEGIN_TEXT);
							break bigswitch;
						case Codepoint.CODES["b"]:
							this.op(Regexp.Op.WORD_BOUNDARY);
							break bigswitch;
						case Codepoint.CODES["B"]:
							this.op(Regexp.Op.NO_WORD_BOUNDARY);
							break bigswitch;
						case Codepoint.CODES["C"]: throw new RE2JSSyntaxException(Parser.ERR_INVALID_ESCAPE, "\\C");
						case Codepoint.CODES["Q"]: {
							let lit = t.rest();
							const i = lit.indexOf("\\E");
							if (i >= 0) {
								lit = lit.substring(0, i);
								t.skipString(lit);
								t.skipString("\\E");
							} else t.skipString(lit);
							let j = 0;
							while (j < lit.length) {
								const codepoint = lit.codePointAt(j);
								this.literal(codepoint);
								j += Utils.charCount(codepoint);
							}
							break bigswitch;
						}
						case Codepoint.CODES["z"]:
							this.op(Regexp.Op.END_TEXT);
							break bigswitch;
						default: t.rewindTo(savedPos);
					}
					else t.rewindTo(savedPos);
					const re = this.newRegexp(Regexp.Op.CHAR_CLASS);
					re.flags = this.flags;
					if (t.lookingAt("\\p") || t.lookingAt("\\P")) {
						const cc = new CharClass();
						if (this.parseUnicodeClass(t, cc)) {
							re.runes = cc.toArray();
							this.push(re);
							break bigswitch;
						}
					}
					const cc = new CharClass();
					if (this.parsePerlClassEscape(t, cc)) {
						re.runes = cc.toArray();
						this.push(re);
						break bigswitch;
					}
					t.rewindTo(savedPos);
					this.reuse(re);
					this.literal(Parser.parseEscape(t));
					break;
				}
				default: this.literal(t.pop());
			}
			lastRepeatPos = repeatPos;
		}
		this.concat();
		if (this.swapVerticalBar()) this.pop();
		this.alternate();
		if (this.stack.length !== 1) throw new RE2JSSyntaxException(Parser.ERR_MISSING_PAREN, this.wholeRegexp);
		this.stack[0].namedGroups = this.namedGroups;
		return this.stack[0];
	}
	parsePerlFlags(t) {
		const startPos = t.pos();
		const s = t.rest();
		if (s.startsWith("(?P<") || s.startsWith("(?<")) {
			const begin = s.charAt(2) === "P" ? 4 : 3;
			const end = s.indexOf(">");
			if (end < 0) throw new RE2JSSyntaxException(Parser.ERR_INVALID_NAMED_CAPTURE, s);
			const name = s.substring(begin, end);
			t.skipString(name);
			t.skip(begin + 1);
			if (!Parser.isValidCaptureName(name)) throw new RE2JSSyntaxException(Parser.ERR_INVALID_NAMED_CAPTURE, s.substring(0, end + 1));
			const re = this.op(Regexp.Op.LEFT_PAREN);
			re.cap = ++this.numCap;
			if (this.namedGroups[name]) throw new RE2JSSyntaxException(Parser.ERR_DUPLICATE_NAMED_CAPTURE, name);
			this.namedGroups[name] = this.numCap;
			re.name = name;
			return;
		}
		t.skip(2);
		let flags = this.flags;
		let sign = 1;
		let sawFlag = false;
		loop: while (t.more()) {
			const c = t.pop();
			switch (c) {
				case Codepoint.CODES["i"]:
					flags |= RE2Flags.FOLD_CASE;
					sawFlag = true;
					break;
				case Codepoint.CODES["m"]:
					flags &= ~RE2Flags.ONE_LINE;
					sawFlag = true;
					break;
				case Codepoint.CODES["s"]:
					flags |= RE2Flags.DOT_NL;
					sawFlag = true;
					break;
				case Codepoint.CODES["U"]:
					flags |= RE2Flags.NON_GREEDY;
					sawFlag = true;
					break;
				case Codepoint.CODES["-"]:
					if (sign < 0) break loop;
					sign = -1;
					flags = ~flags;
					sawFlag = false;
					break;
				case Codepoint.CODES[":"]:
				case Codepoint.CODES[")"]:
					if (sign < 0) {
						if (!sawFlag) break loop;
						flags = ~flags;
					}
					if (c === Codepoint.CODES[":"]) this.op(Regexp.Op.LEFT_PAREN);
					this.flags = flags;
					return;
				default: break loop;
			}
		}
		throw new RE2JSSyntaxException(Parser.ERR_INVALID_PERL_OP, t.from(startPos));
	}
	parsePosLookBehind() {
		const re = this.newRegexp(Regexp.Op.LEFT_PAREN);
		re.flags = this.flags;
		re.lb = ++this.nlb;
		return this.push(re);
	}
	parseNegLookBehind() {
		const re = this.newRegexp(Regexp.Op.LEFT_PAREN);
		re.flags = this.flags;
		re.lb = -++this.nlb;
		return this.push(re);
	}
	parseVerticalBar() {
		this.concat();
		if (!this.swapVerticalBar()) this.op(Regexp.Op.VERTICAL_BAR);
	}
	swapVerticalBar() {
		const n = this.stack.length;
		if (n >= 3 && this.stack[n - 2].op === Regexp.Op.VERTICAL_BAR && Parser.isCharClass(this.stack[n - 1]) && Parser.isCharClass(this.stack[n - 3])) {
			let re1 = this.stack[n - 1];
			let re3 = this.stack[n - 3];
			if (re1.op > re3.op) {
				const tmp = re3;
				re3 = re1;
				re1 = tmp;
				this.stack[n - 3] = re3;
			}
			Parser.mergeCharClass(re3, re1);
			this.reuse(re1);
			this.pop();
			return true;
		}
		if (n >= 2) {
			const re1 = this.stack[n - 1];
			const re2 = this.stack[n - 2];
			if (re2.op === Regexp.Op.VERTICAL_BAR) {
				if (n >= 3) this.cleanAlt(this.stack[n - 3]);
				this.stack[n - 2] = re1;
				this.stack[n - 1] = re2;
				return true;
			}
		}
		return false;
	}
	parseRightParen() {
		this.concat();
		if (this.swapVerticalBar()) this.pop();
		this.alternate();
		if (this.stack.length < 2) throw new RE2JSSyntaxException(Parser.ERR_UNEXPECTED_PAREN, this.wholeRegexp);
		const re1 = this.pop();
		const re2 = this.pop();
		if (re2.op !== Regexp.Op.LEFT_PAREN) throw new RE2JSSyntaxException(Parser.ERR_UNEXPECTED_PAREN, this.wholeRegexp);
		this.flags = re2.flags;
		if (re2.lb !== 0) {
			if (Parser.hasCapture(re1)) throw new RE2JSSyntaxException(Parser.ERR_INVALID_CAPTURE_IN_LOOKBEHIND, this.wholeRegexp);
			if (re2.lb > 0) re2.op = Regexp.Op.PLB;
			else re2.op = Regexp.Op.NLB;
			re2.subs = [re1];
			this.push(re2);
			return;
		}
		if (re2.cap === 0) this.push(re1);
		else {
			re2.op = Regexp.Op.CAPTURE;
			re2.subs = [re1];
			this.push(re2);
		}
	}
	parsePerlClassEscape(t, cc) {
		const beforePos = t.pos();
		if ((this.flags & RE2Flags.PERL_X) === 0 || !t.more() || t.pop() !== Codepoint.CODES["\\"] || !t.more()) return false;
		t.pop();
		const p = t.from(beforePos);
		const g = PERL_GROUPS.has(p) ? PERL_GROUPS.get(p) : null;
		if (g === null) return false;
		cc.appendGroup(g, (this.flags & RE2Flags.FOLD_CASE) !== 0);
		return true;
	}
	parseNamedClass(t, cc) {
		const cls = t.rest();
		const i = cls.indexOf(":]");
		if (i < 0) return false;
		const name = cls.substring(0, i + 2);
		t.skipString(name);
		const g = POSIX_GROUPS.has(name) ? POSIX_GROUPS.get(name) : null;
		if (g === null) throw new RE2JSSyntaxException(Parser.ERR_INVALID_CHAR_RANGE, name);
		cc.appendGroup(g, (this.flags & RE2Flags.FOLD_CASE) !== 0);
		return true;
	}
	parseUnicodeClass(t, cc) {
		const startPos = t.pos();
		if ((this.flags & RE2Flags.UNICODE_GROUPS) === 0 || !t.lookingAt("\\p") && !t.lookingAt("\\P")) return false;
		t.skip(1);
		let sign = 1;
		let c = t.pop();
		if (c === Codepoint.CODES["P"]) sign = -1;
		if (!t.more()) {
			t.rewindTo(startPos);
			throw new RE2JSSyntaxException(Parser.ERR_INVALID_CHAR_RANGE, t.rest());
		}
		c = t.pop();
		let name;
		if (c !== Codepoint.CODES["{"]) name = Utils.runeToString(c);
		else {
			const rest = t.rest();
			const end = rest.indexOf("}");
			if (end < 0) {
				t.rewindTo(startPos);
				throw new RE2JSSyntaxException(Parser.ERR_INVALID_CHAR_RANGE, t.rest());
			}
			name = rest.substring(0, end);
			t.skipString(name);
			t.skip(1);
		}
		if (!(name.length === 0) && name.codePointAt(0) === Codepoint.CODES["^"]) {
			sign = 0 - sign;
			name = name.substring(1);
		}
		const pair = Parser.unicodeTable(name);
		if (pair === null) throw new RE2JSSyntaxException(Parser.ERR_INVALID_CHAR_RANGE, t.from(startPos));
		if (pair.sign < 0) sign = 0 - sign;
		const tab = pair.tab;
		const fold = pair.fold;
		if ((this.flags & RE2Flags.FOLD_CASE) === 0 || fold === null) cc.appendTableWithSign(tab, sign);
		else {
			const tmp = new CharClass().appendTable(tab).appendTable(fold).cleanClass().toArray();
			cc.appendClassWithSign(Array.from(tmp), sign);
		}
		return true;
	}
	parseClass(t) {
		const startPos = t.pos();
		t.skip(1);
		const re = this.newRegexp(Regexp.Op.CHAR_CLASS);
		re.flags = this.flags;
		const cc = new CharClass();
		let sign = 1;
		if (t.more() && t.lookingAt("^")) {
			sign = -1;
			t.skip(1);
			if ((this.flags & RE2Flags.CLASS_NL) === 0) cc.appendRange(Codepoint.CODES["\n"], Codepoint.CODES["\n"]);
		}
		let first = true;
		while (!t.more() || t.peek() !== Codepoint.CODES["]"] || first) {
			if (t.more() && t.lookingAt("-") && (this.flags & RE2Flags.PERL_X) === 0 && !first) {
				const s = t.rest();
				if (s === "-" || !s.startsWith("-]")) {
					t.rewindTo(startPos);
					throw new RE2JSSyntaxException(Parser.ERR_INVALID_CHAR_RANGE, t.rest());
				}
			}
			first = false;
			const beforePos = t.pos();
			if (t.lookingAt("[:")) {
				if (this.parseNamedClass(t, cc)) continue;
				t.rewindTo(beforePos);
			}
			if (this.parseUnicodeClass(t, cc)) continue;
			if (this.parsePerlClassEscape(t, cc)) continue;
			t.rewindTo(beforePos);
			const lo = Parser.parseClassChar(t, startPos);
			let hi = lo;
			if (t.more() && t.lookingAt("-")) {
				t.skip(1);
				if (t.more() && t.lookingAt("]")) t.skip(-1);
				else {
					hi = Parser.parseClassChar(t, startPos);
					if (hi < lo) throw new RE2JSSyntaxException(Parser.ERR_INVALID_CHAR_RANGE, t.from(beforePos));
				}
			}
			if ((this.flags & RE2Flags.FOLD_CASE) === 0) cc.appendRange(lo, hi);
			else cc.appendFoldedRange(lo, hi);
		}
		t.skip(1);
		cc.cleanClass();
		if (sign < 0) cc.negateClass();
		re.runes = cc.toArray();
		this.push(re);
	}
};
// src/RE2.js
/**
* An RE2 class instance is a compiled representation of an RE2 regular expression, independent of
* the public Java-like Pattern/Matcher API.
*
* This class also contains various implementation helpers for RE2 regular expressions.
*
* Use the {@link #quoteMeta(String)} utility function to quote all regular expression
* metacharacters in an arbitrary string.
*
*/
var RE2 = class RE2 {
	static initTest(expr) {
		const re2 = RE2.compile(expr);
		const res = new RE2(re2.expr, re2.prog, re2.numSubexp, re2.longest);
		res.cond = re2.cond;
		res.prefix = re2.prefix;
		res.prefixUTF8 = re2.prefixUTF8;
		res.prefixComplete = re2.prefixComplete;
		res.prefixRune = re2.prefixRune;
		res.prefilter = re2.prefilter;
		res.namedGroups = re2.namedGroups;
		return res;
	}
	/**
	* Parses a regular expression and returns, if successful, an {@code RE2} instance that can be
	* used to match against text.
	*
	* When matching against text, the regexp returns a match that begins as early as possible in the
	* input (leftmost), and among those it chooses the one that a backtracking search would have
	* found first. This so-called leftmost-first matching is the same semantics that Perl, Python,
	* and other implementations use, although this package implements it without the expense of
	* backtracking. For POSIX leftmost-longest matching, see {@link #compilePOSIX}.
	*/
	static compile(expr) {
		return RE2.compileImpl(expr, RE2Flags.PERL, false);
	}
	/**
	* {@code compilePOSIX} is like {@link #compile} but restricts the regular expression to POSIX ERE
	* (egrep) syntax and changes the match semantics to leftmost-longest.
	*
	* That is, when matching against text, the regexp returns a match that begins as early as
	* possible in the input (leftmost), and among those it chooses a match that is as long as
	* possible. This so-called leftmost-longest matching is the same semantics that early regular
	* expression implementations used and that POSIX specifies.
	*
	* However, there can be multiple leftmost-longest matches, with different submatch choices, and
	* here this package diverges from POSIX. Among the possible leftmost-longest matches, this
	* package chooses the one that a backtracking search would have found first, while POSIX
	* specifies that the match be chosen to maximize the length of the first subexpression, then the
	* second, and so on from left to right. The POSIX rule is computationally prohibitive and not
	* even well-defined. See http://swtch.com/~rsc/regexp/regexp2.html#posix
	*/
	static compilePOSIX(expr) {
		return RE2.compileImpl(expr, RE2Flags.POSIX, true);
	}
	static compileImpl(expr, mode, longest) {
		let re = build_Parser.parse(expr, mode);
		const maxCap = re.maxCap();
		const namedGroups = re.namedGroups;
		re = Simplify.simplify(re);
		const prefilter = PrefilterTree.build(re);
		const prog = Compiler.compileRegexp(re);
		const re2 = new RE2(expr, prog, maxCap, longest);
		re2.prefilter = prefilter.type === Prefilter.Type.NONE ? null : prefilter;
		const [prefixCompl, prefixStr] = prog.prefix();
		re2.prefixComplete = prefixCompl;
		re2.prefix = prefixStr;
		re2.prefixUTF8 = Utils.stringToUtf8ByteArray(re2.prefix);
		if (re2.prefix.length > 0) re2.prefixRune = re2.prefix.codePointAt(0);
		re2.namedGroups = namedGroups;
		return re2;
	}
	/**
	* Returns true iff textual regular expression {@code pattern} matches string {@code s}.
	*
	* More complicated queries need to use {@link #compile} and the full {@code RE2} interface.
	*/
	static match(pattern, s) {
		return RE2.compile(pattern).match(s);
	}
	constructor(expr, prog, numSubexp = 0, longest = 0) {
		this.expr = expr;
		this.prog = prog;
		this.numSubexp = numSubexp;
		this.longest = longest;
		this.cond = prog.startCond();
		this.prefix = null;
		this.prefixUTF8 = null;
		this.prefixComplete = false;
		this.prefixRune = 0;
		/** @type {Record<string, number>} */
		this.namedGroups = Object.create(null);
		this.machinePool = [];
		this.lazyDFA = null;
		this.onepass = OnePass.compile(this.prog);
		this.prefilter = null;
	}
	get dfa() {
		if (this.lazyDFA === null) this.lazyDFA = new DFA(this.prog);
		return this.lazyDFA;
	}
	matchPrefixComplete(input, pos, anchor, ncap) {
		if ((anchor === RE2Flags.ANCHOR_START || anchor === RE2Flags.ANCHOR_BOTH) && pos !== 0) return null;
		let matchStart = -1;
		let matchEnd = -1;
		const pLen = input.prefixLength(this);
		if (anchor === RE2Flags.UNANCHORED) {
			const idx = input.index(this, pos);
			if (idx < 0) return null;
			matchStart = pos + idx;
			matchEnd = matchStart + pLen;
		} else if (anchor === RE2Flags.ANCHOR_BOTH) {
			if (input.endPos() !== pLen) return null;
			if (input.index(this, 0) !== 0) return null;
			matchStart = 0;
			matchEnd = pLen;
		} else if (anchor === RE2Flags.ANCHOR_START) {
			if (input.index(this, 0) !== 0) return null;
			matchStart = 0;
			matchEnd = pLen;
		}
		if (matchStart < 0) return null;
		if (ncap > 0) {
			const matchcap = new Int32Array(ncap).fill(-1);
			matchcap[0] = matchStart;
			matchcap[1] = matchEnd;
			return Array.from(matchcap);
		}
		return [];
	}
	createLookbehindState() {
		return this.prog.numLb > 0 ? new LookbehindState(this.prog) : null;
	}
	executeEngine(input, pos, anchor, ncap, lbState = null) {
		if (this.prefixComplete && (ncap === 0 || this.numSubexp === 0)) return this.matchPrefixComplete(input, pos, anchor, ncap);
		if (this.prefilter !== null && anchor === RE2Flags.UNANCHORED) {
			if (!this.prefilter.eval(input, pos)) return null;
		}
		if (this.onepass !== null) return OnePass.execute(this, input, pos, anchor, ncap);
		if (ncap > 0) {
			if (this.prog.numLb === 0 && input.endPos() <= Backtracker.maxBitStateLen(this.prog)) return Backtracker.execute(this, input, pos, anchor, ncap);
			return this.doExecuteNFA(input, pos, anchor, ncap, lbState);
		}
		if (this.prog.numLb === 0) {
			const dfaResult = this.dfa.match(input, pos, anchor);
			if (dfaResult !== null) return dfaResult ? [] : null;
			if (input.endPos() <= Backtracker.maxBitStateLen(this.prog)) return Backtracker.execute(this, input, pos, anchor, ncap);
		}
		return this.doExecuteNFA(input, pos, anchor, ncap, lbState);
	}
	/**
	* Returns the number of parenthesized subexpressions in this regular expression.
	*/
	numberOfCapturingGroups() {
		return this.numSubexp;
	}
	/**
	* Returns the number of instructions in this compiled regular expression program.
	*/
	numberOfInstructions() {
		return this.prog.numInst();
	}
	get() {
		return this.machinePool.length > 0 ? this.machinePool.pop() : null;
	}
	reset() {
		this.machinePool.length = 0;
	}
	put(m) {
		this.machinePool.push(m);
	}
	toString() {
		return this.expr;
	}
	doExecuteNFA(input, pos, anchor, ncap, lbState = null) {
		let m = this.get();
		if (!m) m = Machine.fromRE2(this);
		m.init(ncap);
		const cap = m.match(input, pos, anchor, lbState) ? m.submatches() : null;
		this.put(m);
		return cap;
	}
	match(s) {
		return this.executeEngine(MachineInput.fromUTF16(s), 0, RE2Flags.UNANCHORED, 0) !== null;
	}
	/**
	* Matches the regular expression against input starting at position start and ending at position
	* end, with the given anchoring. Records the submatch boundaries in group, which is [start, end)
	* pairs of byte offsets. The number of boundaries needed is inferred from the size of the group
	* array. It is most efficient not to ask for submatch boundaries.
	*
	* @param input the input byte array
	* @param start the beginning position in the input
	* @param end the end position in the input
	* @param anchor the anchoring flag (UNANCHORED, ANCHOR_START, ANCHOR_BOTH)
	* @param group the array to fill with submatch positions
	* @param ngroup the number of array pairs to fill in
	* @param lbState optional state carried between successive matches over the same input (see
	*   createLookbehindState); omit it to evaluate lookbehinds from the beginning of the input
	* @returns true if a match was found
	*/
	matchWithGroup(input, start, end, anchor, ngroup, lbState = null) {
		if (!(input instanceof MatcherInputBase)) {
			if (Utils.isByteArray(input)) input = MatcherInput.utf8(input);
			else input = MatcherInput.utf16(input);
		}
		return this.matchMachineInput(input, start, end, anchor, ngroup, lbState);
	}
	matchMachineInput(input, start, end, anchor, ngroup, lbState = null) {
		if (start > end) return [false, null];
		const machineInput = input.isUTF16Encoding() ? MachineInput.fromUTF16(input.asCharSequence(), 0, end) : MachineInput.fromUTF8(input.asBytes(), 0, end);
		const groupMatch = this.executeEngine(machineInput, start, anchor, 2 * ngroup, lbState);
		if (groupMatch === null) return [false, null];
		return [true, groupMatch];
	}
	/**
	* Returns true iff this regexp matches the UTF-8 byte array {@code b}.
	*/
	matchUTF8(b) {
		return this.executeEngine(MachineInput.fromUTF8(b), 0, RE2Flags.UNANCHORED, 0) !== null;
	}
	/**
	* Returns a copy of {@code src} in which all matches for this regexp have been replaced by
	* {@code repl}. No support is provided for expressions (e.g. {@code \1} or {@code $1}) in the
	* replacement string.
	*/
	replaceAll(src, repl) {
		return this.replaceAllFunc(src, () => repl, 2 * src.length + 1);
	}
	/**
	* Returns a copy of {@code src} in which only the first match for this regexp has been replaced
	* by {@code repl}. No support is provided for expressions (e.g. {@code \1} or {@code $1}) in the
	* replacement string.
	*/
	replaceFirst(src, repl) {
		return this.replaceAllFunc(src, () => repl, 1);
	}
	/**
	* Returns a copy of {@code src} in which at most {@code maxReplaces} matches for this regexp have
	* been replaced by the return value of of function {@code repl} (whose first argument is the
	* matched string). No support is provided for expressions (e.g. {@code \1} or {@code $1}) in the
	* replacement string.
	*/
	replaceAllFunc(src, replFunc, maxReplaces) {
		let lastMatchEnd = 0;
		let searchPos = 0;
		let out = "";
		const input = MachineInput.fromUTF16(src);
		const lbState = this.createLookbehindState();
		let numReplaces = 0;
		while (searchPos <= src.length) {
			const a = this.executeEngine(input, searchPos, RE2Flags.UNANCHORED, 2, lbState);
			if (a === null || a.length === 0) break;
			out += src.substring(lastMatchEnd, a[0]);
			if (a[1] > lastMatchEnd || a[0] === 0) {
				out += replFunc(src.substring(a[0], a[1]));
				numReplaces++;
			}
			lastMatchEnd = a[1];
			const width = input.step(searchPos) & 7;
			if (searchPos + width > a[1]) searchPos += width;
			else if (searchPos + 1 > a[1]) searchPos++;
			else searchPos = a[1];
			if (numReplaces >= maxReplaces) break;
		}
		out += src.substring(lastMatchEnd);
		return out;
	}
	pad(a) {
		if (a === null) return null;
		let n = (1 + this.numSubexp) * 2;
		if (a.length < n) {
			let a2 = new Array(n).fill(-1);
			for (let i = 0; i < a.length; i++) a2[i] = a[i];
			a = a2;
		}
		return a;
	}
	allMatches(input, n, deliverFun = (v) => v) {
		let result = [];
		const end = input.endPos();
		if (n < 0) n = end + 1;
		let pos = 0;
		let i = 0;
		let prevMatchEnd = -1;
		const lbState = this.createLookbehindState();
		while (i < n && pos <= end) {
			const matches = this.executeEngine(input, pos, RE2Flags.UNANCHORED, this.prog.numCap, lbState);
			if (matches === null || matches.length === 0) break;
			let accept = true;
			if (matches[1] === pos) {
				if (matches[0] === prevMatchEnd) accept = false;
				const r = input.step(pos);
				if (r < 0) pos = end + 1;
				else pos += r & 7;
			} else pos = matches[1];
			prevMatchEnd = matches[1];
			if (accept) {
				result.push(deliverFun(this.pad(matches)));
				i++;
			}
		}
		return result;
	}
	/**
	* Returns an array holding the text of the leftmost match in {@code b} of this regular
	* expression.
	*
	* A return value of null indicates no match.
	*/
	findUTF8(b) {
		const a = this.executeEngine(MachineInput.fromUTF8(b), 0, RE2Flags.UNANCHORED, 2);
		if (a === null) return null;
		return b.slice(a[0], a[1]);
	}
	/**
	* Returns a two-element array of integers defining the location of the leftmost match in
	* {@code b} of this regular expression. The match itself is at {@code b[loc[0]...loc[1]]}.
	*
	* A return value of null indicates no match.
	*/
	findUTF8Index(b) {
		const a = this.executeEngine(MachineInput.fromUTF8(b), 0, RE2Flags.UNANCHORED, 2);
		if (a === null) return null;
		return a.slice(0, 2);
	}
	/**
	* Returns a string holding the text of the leftmost match in {@code s} of this regular
	* expression.
	*
	* If there is no match, the return value is an empty string, but it will also be empty if the
	* regular expression successfully matches an empty string. Use {@link #findIndex} or
	* {@link #findSubmatch} if it is necessary to distinguish these cases.
	*/
	find(s) {
		const a = this.executeEngine(MachineInput.fromUTF16(s), 0, RE2Flags.UNANCHORED, 2);
		if (a === null) return "";
		return s.substring(a[0], a[1]);
	}
	/**
	* Returns a two-element array of integers defining the location of the leftmost match in
	* {@code s} of this regular expression. The match itself is at
	* {@code s.substring(loc[0], loc[1])}.
	*
	* A return value of null indicates no match.
	*/
	findIndex(s) {
		return this.executeEngine(MachineInput.fromUTF16(s), 0, RE2Flags.UNANCHORED, 2);
	}
	/**
	* Returns an array of arrays the text of the leftmost match of the regular expression in
	* {@code b} and the matches, if any, of its subexpressions, as defined by the <a
	* href='#submatch'>Submatch</a> description above.
	*
	* A return value of null indicates no match.
	*/
	findUTF8Submatch(b) {
		const a = this.executeEngine(MachineInput.fromUTF8(b), 0, RE2Flags.UNANCHORED, this.prog.numCap);
		if (a === null) return null;
		const ret = new Array(1 + this.numSubexp).fill(null);
		for (let i = 0; i < ret.length; i++) if (2 * i < a.length && a[2 * i] >= 0) ret[i] = b.slice(a[2 * i], a[2 * i + 1]);
		return ret;
	}
	/**
	* Returns an array holding the index pairs identifying the leftmost match of this regular
	* expression in {@code b} and the matches, if any, of its subexpressions, as defined by the the
	* <a href='#submatch'>Submatch</a> and <a href='#index'>Index</a> descriptions above.
	*
	* A return value of null indicates no match.
	*/
	findUTF8SubmatchIndex(b) {
		return this.pad(this.executeEngine(MachineInput.fromUTF8(b), 0, RE2Flags.UNANCHORED, this.prog.numCap));
	}
	/**
	* Returns an array of strings holding the text of the leftmost match of the regular expression in
	* {@code s} and the matches, if any, of its subexpressions, as defined by the <a
	* href='#submatch'>Submatch</a> description above.
	*
	* A return value of null indicates no match.
	*/
	findSubmatch(s) {
		const a = this.executeEngine(MachineInput.fromUTF16(s), 0, RE2Flags.UNANCHORED, this.prog.numCap);
		if (a === null) return null;
		const ret = new Array(1 + this.numSubexp).fill(null);
		for (let i = 0; i < ret.length; i++) if (2 * i < a.length && a[2 * i] >= 0) ret[i] = s.substring(a[2 * i], a[2 * i + 1]);
		return ret;
	}
	/**
	* Returns an array holding the index pairs identifying the leftmost match of this regular
	* expression in {@code s} and the matches, if any, of its subexpressions, as defined by the <a
	* href='#submatch'>Submatch</a> description above.
	*
	* A return value of null indicates no match.
	*/
	findSubmatchIndex(s) {
		return this.pad(this.executeEngine(MachineInput.fromUTF16(s), 0, RE2Flags.UNANCHORED, this.prog.numCap));
	}
	/**
	* {@code findAllUTF8()} is the <a href='#all'>All</a> version of {@link #findUTF8}; it returns a
	* list of up to {@code n} successive matches of the expression, as defined by the <a
	* href='#all'>All</a> description above.
	*
	* A return value of null indicates no match.
	*
	* TODO(adonovan): think about defining a byte slice view class, like a read-only Go slice backed
	* by |b|.
	*/
	findAllUTF8(b, n) {
		const result = this.allMatches(MachineInput.fromUTF8(b), n, (match) => b.slice(match[0], match[1]));
		if (result.length === 0) return null;
		return result;
	}
	/**
	* {@code findAllUTF8Index} is the <a href='#all'>All</a> version of {@link #findUTF8Index}; it
	* returns a list of up to {@code n} successive matches of the expression, as defined by the <a
	* href='#all'>All</a> description above.
	*
	* A return value of null indicates no match.
	*/
	findAllUTF8Index(b, n) {
		const result = this.allMatches(MachineInput.fromUTF8(b), n, (match) => match.slice(0, 2));
		if (result.length === 0) return null;
		return result;
	}
	/**
	* {@code findAll} is the <a href='#all'>All</a> version of {@link #find}; it returns a list of up
	* to {@code n} successive matches of the expression, as defined by the <a href='#all'>All</a>
	* description above.
	*
	* A return value of null indicates no match.
	*/
	findAll(s, n) {
		const result = this.allMatches(MachineInput.fromUTF16(s), n, (match) => s.substring(match[0], match[1]));
		if (result.length === 0) return null;
		return result;
	}
	/**
	* {@code findAllIndex} is the <a href='#all'>All</a> version of {@link #findIndex}; it returns a
	* list of up to {@code n} successive matches of the expression, as defined by the <a
	* href='#all'>All</a> description above.
	*
	* A return value of null indicates no match.
	*/
	findAllIndex(s, n) {
		const result = this.allMatches(MachineInput.fromUTF16(s), n, (match) => match.slice(0, 2));
		if (result.length === 0) return null;
		return result;
	}
	/**
	* {@code findAllUTF8Submatch} is the <a href='#all'>All</a> version of {@link #findUTF8Submatch};
	* it returns a list of up to {@code n} successive matches of the expression, as defined by the <a
	* href='#all'>All</a> description above.
	*
	* A return value of null indicates no match.
	*/
	findAllUTF8Submatch(b, n) {
		const result = this.allMatches(MachineInput.fromUTF8(b), n, (match) => {
			let slice = new Array(match.length / 2 | 0).fill(null);
			for (let j = 0; j < slice.length; j++) if (match[2 * j] >= 0) slice[j] = b.slice(match[2 * j], match[2 * j + 1]);
			return slice;
		});
		if (result.length === 0) return null;
		return result;
	}
	/**
	* {@code findAllUTF8SubmatchIndex} is the <a href='#all'>All</a> version of
	* {@link #findUTF8SubmatchIndex}; it returns a list of up to {@code n} successive matches of the
	* expression, as defined by the <a href='#all'>All</a> description above.
	*
	* A return value of null indicates no match.
	*/
	findAllUTF8SubmatchIndex(b, n) {
		const result = this.allMatches(MachineInput.fromUTF8(b), n);
		if (result.length === 0) return null;
		return result;
	}
	/**
	* {@code findAllSubmatch} is the <a href='#all'>All</a> version of {@link #findSubmatch}; it
	* returns a list of up to {@code n} successive matches of the expression, as defined by the <a
	* href='#all'>All</a> description above.
	*
	* A return value of null indicates no match.
	*/
	findAllSubmatch(s, n) {
		const result = this.allMatches(MachineInput.fromUTF16(s), n, (match) => {
			let slice = new Array(match.length / 2 | 0).fill(null);
			for (let j = 0; j < slice.length; j++) if (match[2 * j] >= 0) slice[j] = s.substring(match[2 * j], match[2 * j + 1]);
			return slice;
		});
		if (result.length === 0) return null;
		return result;
	}
	/**
	* {@code findAllSubmatchIndex} is the <a href='#all'>All</a> version of
	* {@link #findSubmatchIndex}; it returns a list of up to {@code n} successive matches of the
	* expression, as defined by the <a href='#all'>All</a> description above.
	*
	* A return value of null indicates no match.
	*/
	findAllSubmatchIndex(s, n) {
		const result = this.allMatches(MachineInput.fromUTF16(s), n);
		if (result.length === 0) return null;
		return result;
	}
};
// src/Set.js
var RE2Set = class RE2Set {
	/** @type {number} */
	static UNANCHORED = RE2Flags.UNANCHORED;
	/** @type {number} */
	static ANCHOR_START = RE2Flags.ANCHOR_START;
	/** @type {number} */
	static ANCHOR_BOTH = RE2Flags.ANCHOR_BOTH;
	/**
	* Constructs a new RE2Set with the specified anchor mode and flags.
	* @param {number} [anchor=RE2Set.UNANCHORED] - The anchoring mode (e.g., RE2Set.UNANCHORED).
	* @param {number} [flags=0] - The public flags to apply to all patterns in the set.
	* @param {number} [maxMem=8388608] - The maximum memory in bytes to use for the DFA (default 8MB).
	*/
	constructor(anchor = RE2Set.UNANCHORED, flags = 0, maxMem = 8388608) {
		if (![
			RE2Set.UNANCHORED,
			RE2Set.ANCHOR_START,
			RE2Set.ANCHOR_BOTH
		].includes(anchor)) throw new RE2JSFlagsException("The anchor should be RE2Set.UNANCHORED, RE2Set.ANCHOR_START or RE2Set.ANCHOR_BOTH");
		Utils.checkFlags(flags);
		this.anchor = anchor;
		this.jsFlags = flags;
		this.maxMem = maxMem;
		let re2Flags = RE2Flags.PERL;
		if ((flags & PublicFlags.DISABLE_UNICODE_GROUPS) !== 0) re2Flags &= ~RE2Flags.UNICODE_GROUPS;
		if ((flags & PublicFlags.LOOKBEHINDS) !== 0) re2Flags |= RE2Flags.LOOKBEHIND;
		this.re2Flags = re2Flags;
		this.regexps = [];
		this.prog = null;
		this.dfa = null;
		this.dummyRe2 = null;
	}
	/**
	* Adds a new regular expression pattern to the set.
	* Patterns cannot be added after the set has been compiled.
	* @param {string} pattern - The regular expression pattern to add.
	* @returns {number} The integer index assigned to the added pattern.
	* @throws {RE2JSCompileException} If patterns are added after compilation.
	*/
	add(pattern) {
		if (this.prog) throw new RE2JSCompileException("Cannot add patterns after compile");
		Utils.checkPattern(pattern);
		let fregex = pattern;
		if ((this.jsFlags & PublicFlags.CASE_INSENSITIVE) !== 0) fregex = `(?i)${fregex}`;
		if ((this.jsFlags & PublicFlags.DOTALL) !== 0) fregex = `(?s)${fregex}`;
		if ((this.jsFlags & PublicFlags.MULTILINE) !== 0) fregex = `(?m)${fregex}`;
		const re = build_Parser.parse(fregex, this.re2Flags);
		this.regexps.push(Simplify.simplify(re));
		return this.regexps.length - 1;
	}
	/**
	* Compiles the added patterns into a single state machine.
	* This is automatically called on the first match if not called explicitly.
	* @returns {void}
	*/
	compile() {
		if (this.prog) return;
		const prog = Compiler.compileSet(this.regexps);
		if (prog.numInst() > build_Parser.MAX_SIZE) throw new RE2JSCompileException(`${build_Parser.ERR_LARGE}: the set compiles to ${prog.numInst()} instructions, more than ${build_Parser.MAX_SIZE}`);
		this.prog = prog;
		this.dfa = new DFA(this.prog, this.maxMem);
		this.dummyRe2 = {
			prog: this.prog,
			cond: this.prog.startCond(),
			prefix: "",
			prefixRune: 0,
			longest: false
		};
	}
	/**
	* Matches the input against the compiled set of regular expressions.
	* @param {string|number[]|Uint8Array} input - The input string or UTF-8 byte array to match against.
	* @returns {number[]} An array of indices representing the patterns that successfully matched the input.
	*/
	match(input) {
		if (!this.prog) this.compile();
		const machineInput = Utils.isByteArray(input) ? MachineInput.fromUTF8(input) : MachineInput.fromUTF16(input);
		let internalAnchor = RE2Flags.UNANCHORED;
		if (this.anchor === RE2Set.ANCHOR_START) internalAnchor = RE2Flags.ANCHOR_START;
		else if (this.anchor === RE2Set.ANCHOR_BOTH) internalAnchor = RE2Flags.ANCHOR_BOTH;
		const dfaResult = this.dfa.matchSet(machineInput, 0, internalAnchor);
		if (dfaResult !== null) return dfaResult;
		const machine = Machine.fromRE2(this.dummyRe2);
		machine.init(0);
		return machine.matchSet(machineInput, 0, internalAnchor);
	}
};
// src/TranslateRegExpString.js
/**
* Transform JS regex string to RE2 regex string
*/
var TranslateRegExpString = class TranslateRegExpString {
	static isHexadecimal(ch) {
		return "0" <= ch && ch <= "9" || "A" <= ch && ch <= "F" || "a" <= ch && ch <= "f";
	}
	static translate(data) {
		let prefixFlags = "";
		if (Object.prototype.toString.call(data) === "[object RegExp]") {
			if (data.ignoreCase) prefixFlags += "i";
			if (data.multiline) prefixFlags += "m";
			if (data.dotAll) prefixFlags += "s";
			data = data.source;
		}
		if (typeof data !== "string") return data;
		let result = "";
		let changed = false;
		let size = data.length;
		if (size === 0) {
			result = "(?:)";
			changed = true;
		}
		let inCharClass = false;
		let i = 0;
		while (i < size) {
			let ch = data[i];
			if (ch === "\\") {
				if (i + 1 < size) {
					ch = data[i + 1];
					switch (ch) {
						case "\\":
							result += "\\\\";
							i += 2;
							continue;
						case "c":
							if (i + 2 < size) {
								let code = data[i + 2].charCodeAt(0);
								if (code >= 65 && code <= 90 || code >= 97 && code <= 122) {
									let val = code % 32;
									result += "\\x";
									result += (val >> 4).toString(16).toUpperCase();
									result += (val & 15).toString(16).toUpperCase();
									i += 3;
									changed = true;
									continue;
								}
							}
							result += "c";
							i += 2;
							changed = true;
							continue;
						case "u":
							if (i + 2 < size) {
								if (data[i + 2] === "{") {
									let j = i + 3;
									let hasHex = false;
									let closed = false;
									while (j < size) {
										const hexChar = data[j];
										if (hexChar === "}") {
											closed = true;
											break;
										}
										if (!TranslateRegExpString.isHexadecimal(hexChar)) break;
										hasHex = true;
										j++;
									}
									if (closed && hasHex) {
										result += "\\x";
										i += 2;
										changed = true;
										continue;
									}
								} else if (i + 5 < size) {
									let isHex4 = true;
									for (let j = 0; j < 4; j++) if (!TranslateRegExpString.isHexadecimal(data[i + 2 + j])) {
										isHex4 = false;
										break;
									}
									if (isHex4) {
										result += "\\x{" + data.substring(i + 2, i + 6) + "}";
										i += 6;
										changed = true;
										continue;
									}
								}
							}
							result += "u";
							i += 2;
							changed = true;
							continue;
						case "x": {
							let isValidHex = false;
							if (i + 2 < size && data[i + 2] === "{") {
								let j = i + 3;
								let hasHex = false;
								let closed = false;
								while (j < size) {
									const hexChar = data[j];
									if (hexChar === "}") {
										closed = true;
										break;
									}
									if (!TranslateRegExpString.isHexadecimal(hexChar)) break;
									hasHex = true;
									j++;
								}
								if (closed && hasHex) isValidHex = true;
							} else if (i + 3 < size && TranslateRegExpString.isHexadecimal(data[i + 2]) && TranslateRegExpString.isHexadecimal(data[i + 3])) isValidHex = true;
							if (isValidHex) {
								result += "\\x";
								i += 2;
							} else {
								result += "x";
								i += 2;
								changed = true;
							}
							continue;
						}
						case "n":
						case "r":
						case "t":
						case "a":
						case "f":
						case "v":
						case "d":
						case "D":
						case "s":
						case "S":
						case "w":
						case "W":
						case "b":
						case "B":
						case "p":
						case "P":
						case "A":
						case "z":
						case "Q":
						case "E":
						case "0":
						case "1":
						case "2":
						case "3":
						case "4":
						case "5":
						case "6":
						case "7":
							result += "\\" + ch;
							i += 2;
							continue;
						default: {
							let cp = data.codePointAt(i + 1);
							if (cp >= 48 && cp <= 57 || cp >= 65 && cp <= 90 || cp >= 97 && cp <= 122) {
								let symSize = Utils.charCount(cp);
								result += data.substring(i + 1, i + 1 + symSize);
								i += symSize + 1;
								changed = true;
							} else {
								result += "\\";
								let symSize = Utils.charCount(cp);
								result += data.substring(i + 1, i + 1 + symSize);
								i += symSize + 1;
							}
							continue;
						}
					}
				}
			} else if (ch === "/") {
				result += "\\/";
				i += 1;
				changed = true;
				continue;
			} else if (ch === "[") {
				if (!inCharClass && data[i + 1] === "]") {
					result += "[^\\x00-\\x{10FFFF}]";
					i += 2;
					changed = true;
					continue;
				}
				if (!inCharClass && data[i + 1] === "^" && data[i + 2] === "]") {
					result += "[\\x00-\\x{10FFFF}]";
					i += 3;
					changed = true;
					continue;
				}
				inCharClass = true;
			} else if (ch === "]") inCharClass = false;
			else if (!inCharClass && ch === "(" && i + 2 < size && data[i + 1] === "?" && data[i + 2] === "<") {
				if (i + 3 < size && !"=!>)".includes(data[i + 3])) {
					result += "(?P<";
					i += 3;
					changed = true;
					continue;
				}
			}
			let cp = data.codePointAt(i);
			let symSize = Utils.charCount(cp);
			result += data.substring(i, i + symSize);
			i += symSize;
		}
		const finalResult = changed ? result : data;
		if (prefixFlags.length > 0) return `(?${prefixFlags})${finalResult}`;
		return finalResult;
	}
};
// src/index.js
const execResult = (m, input) => {
	const result = m.matchArray();
	result.index = m.start(0);
	result.input = input;
	result.groups = m.namedGroupsObject();
	return result;
};
/**
* A compiled representation of an RE2 regular expression
*
* The matching functions take {@code String} arguments instead of the more general Java
* {@code CharSequence} since the latter doesn't provide UTF-16 decoding.
*
*
* @author rsc@google.com (Russ Cox)
* @class
*/
var RE2JS = class RE2JS {
	/**
	* Flag: case insensitive matching.
	*/
	static CASE_INSENSITIVE = PublicFlags.CASE_INSENSITIVE;
	/**
	* Flag: dot ({@code .}) matches all characters, including newline.
	*/
	static DOTALL = PublicFlags.DOTALL;
	/**
	* Flag: multiline matching: {@code ^} and {@code $} match at beginning and end of line, not just
	* beginning and end of input.
	*/
	static MULTILINE = PublicFlags.MULTILINE;
	/**
	* Flag: Unicode groups (e.g. {@code \p\ Greek\} ) will be syntax errors.
	*/
	static DISABLE_UNICODE_GROUPS = PublicFlags.DISABLE_UNICODE_GROUPS;
	/**
	* Flag: matches longest possible string.
	*/
	static LONGEST_MATCH = PublicFlags.LONGEST_MATCH;
	/**
	* Flag: enable linear-time captureless lookbehinds.
	*/
	static LOOKBEHINDS = PublicFlags.LOOKBEHINDS;
	/**
	* Returns a literal pattern string for the specified string.
	*
	* This method produces a string that can be used to create a <code>RE2JS</code> that would
	* match the string <code>s</code> as if it were a literal pattern.
	*
	* Metacharacters or escape sequences in the input sequence will be given no special meaning.
	*
	* @param {string} str The string to be literalized
	* @returns {string} A literal string replacement
	*/
	static quote(str) {
		return Utils.quoteMeta(str);
	}
	/**
	* Quotes '\' and '$' in {@code str}, so that the returned string could be used in
	* replacement methods as a literal replacement of {@code str}.
	*
	* This is a convenience delegation to {@link Matcher.quoteReplacement}.
	*
	* @param {string} str the string to be quoted
	* @param {boolean} [javaMode=false] whether the replacement will be used in javaMode
	* @returns {string} the quoted string
	*/
	static quoteReplacement(str, javaMode = false) {
		return Matcher.quoteReplacement(str, javaMode);
	}
	/**
	* Translates a given regular expression string to ensure compatibility with RE2JS.
	*
	* This function preprocesses the input regex string by applying necessary transformations,
	* such as escaping special characters (e.g., `/`), converting named capture groups to
	* RE2JS-compatible syntax, and handling Unicode sequences properly. It ensures that the
	* resulting regex is safe and properly formatted before compilation.
	*
	* @param {string|RegExp} expr - The regular expression string to be translated.
	* @returns {string} - The transformed regular expression string, ready for compilation.
	*/
	static translateRegExp(expr) {
		return TranslateRegExpString.translate(expr);
	}
	/**
	* Helper: create new RE2JS with given regex and flags. Flregex is the regex with flags applied.
	* @param {string} regex
	* @param {number} [flags=0]
	* @returns {RE2JS}
	*/
	static compile(regex, flags = 0) {
		Utils.checkPattern(regex);
		Utils.checkFlags(flags);
		let fregex = regex;
		if ((flags & RE2JS.CASE_INSENSITIVE) !== 0) fregex = `(?i)${fregex}`;
		if ((flags & RE2JS.DOTALL) !== 0) fregex = `(?s)${fregex}`;
		if ((flags & RE2JS.MULTILINE) !== 0) fregex = `(?m)${fregex}`;
		let re2Flags = RE2Flags.PERL;
		if ((flags & RE2JS.DISABLE_UNICODE_GROUPS) !== 0) re2Flags &= ~RE2Flags.UNICODE_GROUPS;
		if ((flags & RE2JS.LOOKBEHINDS) !== 0) re2Flags |= RE2Flags.LOOKBEHIND;
		const p = new RE2JS(regex, flags);
		p.re2Input = RE2.compileImpl(fregex, re2Flags, (flags & RE2JS.LONGEST_MATCH) !== 0);
		return p;
	}
	/**
	* Matches a string against a regular expression.
	*
	* @param {string} regex the regular expression
	* @param {string|number[]|Uint8Array} input the input
	* @returns {boolean} true if the regular expression matches the entire input
	* @throws RE2JSSyntaxException if the regular expression is malformed
	*/
	static matches(regex, input) {
		return RE2JS.compile(regex).testExact(input);
	}
	/**
	* This is visible for testing.
	* @private
	*/
	static initTest(pattern, flags, re2) {
		if (pattern == null) throw new Error("pattern is null");
		if (re2 == null) throw new Error("re2 is null");
		const p = new RE2JS(pattern, flags);
		p.re2Input = re2;
		return p;
	}
	/**
	*
	* @param {string} pattern
	* @param {number} flags
	*/
	constructor(pattern, flags) {
		this.patternInput = pattern;
		this.flagsInput = flags;
		/** @type {import('./RE2.js').RE2} */
		this.re2Input = null;
	}
	/**
	* Releases memory used by internal caches associated with this pattern. Does not change the
	* observable behaviour. Useful for tests that detect memory leaks via allocation tracking.
	*/
	reset() {
		this.re2Input.reset();
	}
	/**
	* Returns the flags used in the constructor.
	* @returns {number}
	*/
	flags() {
		return this.flagsInput;
	}
	/**
	* Returns the pattern used in the constructor.
	* @returns {string}
	*/
	pattern() {
		return this.patternInput;
	}
	re2() {
		return this.re2Input;
	}
	/**
	* Matches a string against a regular expression.
	*
	* @param {string|number[]|Uint8Array} input the input
	* @returns {boolean} true if the regular expression matches the entire input
	*/
	matches(input) {
		return this.testExact(input);
	}
	/**
	* Creates a new {@code Matcher} matching the pattern against the input.
	*
	* @param {string|number[]|Uint8Array|MatcherInputBase} input the input string
	* @returns {Matcher}
	*/
	matcher(input) {
		if (Utils.isByteArray(input)) input = MatcherInput.utf8(input);
		return new Matcher(this, input);
	}
	/**
	* Tests whether the regular expression matches any part of the input string.
	* Performance Note: This method is highly optimized. Because it only returns
	* a boolean and does not extract capture groups, it bypasses the `Matcher` overhead
	* and guarantees execution on the high-speed DFA engine whenever possible.
	*
	* @param {string|number[]|Uint8Array} input - The input string or UTF-8 byte array to test against.
	* @returns {boolean} `true` if the pattern is found anywhere in the input, `false` otherwise.
	*/
	test(input) {
		if (Utils.isByteArray(input)) return this.re2Input.matchUTF8(input);
		return this.re2Input.match(input);
	}
	/**
	* Tests whether the regular expression matches the ENTIRE input string.
	* * **Performance Note:** This operates identically to `.matches()`, but is significantly
	* faster because it does not request capture group data. By requesting 0 capture groups,
	* it securely routes execution through the DFA fast-path.
	*
	* @param {string|number[]|Uint8Array} input - The input string or UTF-8 byte array to test against.
	* @returns {boolean} `true` if the exact input string fully matches the pattern, `false` otherwise.
	*/
	testExact(input) {
		const machineInput = Utils.isByteArray(input) ? MachineInput.fromUTF8(input) : MachineInput.fromUTF16(input);
		return this.re2Input.executeEngine(machineInput, 0, RE2Flags.ANCHOR_BOTH, 0) !== null;
	}
	/**
	* Executes a search for a match in a specified string.
	* Returns a result array, or null if no match is found.
	* The returned array perfectly mirrors standard JavaScript `RegExpExecArray`,
	* including `.index`, `.input`, and `.groups` properties.
	*
	* @param {string|number[]|Uint8Array} input the input string or byte array
	* @returns {Array|null} the match array with index, input, and groups properties, or null
	*/
	exec(input) {
		const m = this.matcher(input);
		return m.find() ? execResult(m, input) : null;
	}
	/**
	* Splits input around instances of the regular expression. It returns an array giving the strings
	* that occur before, between, and after instances of the regular expression.
	*
	* If {@code limit <= 0}, there is no limit on the size of the returned array. If
	* {@code limit == 0}, empty strings that would occur at the end of the array are omitted. If
	* {@code limit > 0}, at most limit strings are returned. The final string contains the remainder
	* of the input, possibly including additional matches of the pattern.
	*
	* @param {string} input the input string to be split
	* @param {number} [limit=0] the limit
	* @returns {string[]} the split strings
	*/
	split(input, limit = 0) {
		const m = this.matcher(input);
		const result = [];
		let emptiesSkipped = 0;
		let last = 0;
		while (m.find()) {
			if (last === 0 && m.end() === 0) {
				last = m.end();
				continue;
			}
			if (limit > 0 && result.length === limit - 1) break;
			if (last === m.start()) {
				if (limit === 0) {
					emptiesSkipped += 1;
					last = m.end();
					continue;
				}
			} else while (emptiesSkipped > 0) {
				result.push("");
				emptiesSkipped -= 1;
			}
			result.push(m.substring(last, m.start()));
			last = m.end();
		}
		if (limit === 0 && last !== m.inputLength()) {
			while (emptiesSkipped > 0) {
				result.push("");
				emptiesSkipped -= 1;
			}
			result.push(m.substring(last, m.inputLength()));
		}
		if (limit !== 0 || result.length === 0 && !(last === m.inputLength() && last > 0)) result.push(m.substring(last, m.inputLength()));
		return result;
	}
	/**
	* Returns an iterator of all results matching a string against the regular expression,
	* including capturing groups.
	*
	* @param {string|number[]|Uint8Array} input the input string or byte array
	* @returns {IterableIterator<RegExpMatchArray>}
	*/
	*matchAll(input) {
		const m = this.matcher(input);
		while (m.find()) yield execResult(m, input);
	}
	/**
	*
	* @returns {string}
	*/
	toString() {
		return this.patternInput;
	}
	/**
	* Returns the program size of this pattern.
	*
	* <p>
	* Similar to the C++ implementation, the program size is a very approximate measure of a regexp's
	* "cost". Larger numbers are more expensive than smaller numbers.
	* </p>
	*
	* @returns {number} the program size of this pattern
	*/
	programSize() {
		return this.re2Input.numberOfInstructions();
	}
	/**
	* Returns the number of capturing groups in this matcher's pattern. Group zero denotes the entire
	* pattern and is excluded from this count.
	*
	* @returns {number} the number of capturing groups in this pattern
	*/
	groupCount() {
		return this.re2Input.numberOfCapturingGroups();
	}
	/**
	* Return a map of the capturing groups in this matcher's pattern, where key is the name and value
	* is the index of the group in the pattern.
	* @returns {Record<string, number>}
	*/
	namedGroups() {
		return this.re2Input.namedGroups;
	}
	/**
	*
	* @param {*} other
	* @returns {boolean}
	*/
	equals(other) {
		if (this === other) return true;
		if (other === null || this.constructor !== other.constructor) return false;
		return this.flagsInput === other.flagsInput && this.patternInput === other.patternInput;
	}
};
/**
* Creates an RE2JS regex directly from a template literal.
* @overload
* @param {TemplateStringsArray} stringsOrFlags - The raw string segments of the template literal.
* @param {...any} values - The interpolated values.
* @returns {RE2JS}
*/
/**
* Creates a template literal tag function with specific RE2JS flags.
* @overload
* @param {number} stringsOrFlags - The RE2JS flags to apply (e.g., RE2JS.CASE_INSENSITIVE).
* @returns {(strings: TemplateStringsArray, ...tagValues: any[]) => RE2JS}
*/
/**
* Implementation signature
* @param {TemplateStringsArray | number} stringsOrFlags
* @param {...any} values
* @returns {RE2JS | ((strings: TemplateStringsArray, ...tagValues: any[]) => RE2JS)}
*/
function re(stringsOrFlags, ...values) {
	if (Array.isArray(stringsOrFlags) && "raw" in stringsOrFlags) {
		const pattern = String.raw(stringsOrFlags, ...values);
		return RE2JS.compile(pattern);
	}
	const flags = typeof stringsOrFlags === "number" ? stringsOrFlags : 0;
	return (strings, ...tagValues) => {
		const pattern = String.raw(strings, ...tagValues);
		return RE2JS.compile(pattern, flags);
	};
}


;// CONCATENATED MODULE: ./build/validation/pattern.js
// Regular expressions of schemas, run in linear time by RE2. Translates the JavaScript notation schemas are written in
// and refuses what RE2 cannot do (look-around, back-references) rather than fall back on a backtracking engine.

/** Why a pattern cannot be used, as a sentence part that follows "pattern ...". */
class PatternError extends Error {
}
const MAX_LENGTH = 1000;
/** Compiles a JSON Schema pattern. `\d` and `\w` are ASCII, as in JavaScript. Throws PatternError. */
function compilePattern(source) {
    if (source.length > MAX_LENGTH)
        throw new PatternError(`is longer than ${MAX_LENGTH} characters`);
    const translated = pattern_translate(source);
    try {
        const compiled = RE2JS.compile(translated);
        return { source, test: (text) => compiled.test(text) };
    }
    catch (error) {
        const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
        throw new PatternError(`cannot be used: ${why}`);
    }
}
function pattern_translate(source) {
    let out = '';
    let inClass = false;
    for (let i = 0; i < source.length; i++) {
        const char = source[i];
        if (char === '\\') {
            const [text, end] = escapeAt(source, i, inClass);
            out += text;
            i = end - 1;
            continue;
        }
        if (!inClass && char === '(' && /^\(\?<?[=!]/.test(source.slice(i, i + 4))) {
            throw new PatternError('uses look-ahead or look-behind, which cannot run in linear time');
        }
        // RE2 would read `[[:alpha:]]` as a POSIX class; in JavaScript the inner bracket is a plain character.
        out += inClass && char === '[' ? '\\[' : char;
        if (char === '[')
            inClass = true;
        else if (char === ']')
            inClass = false;
    }
    return out;
}
const SPACE = '\\s\\v\\p{Z}\\x{feff}';
/** Translates the escape at `at`; returns RE2's text and the position after it. */
function escapeAt(source, at, inClass) {
    const letter = source[at + 1];
    if (letter === undefined)
        throw new PatternError('ends with a lone backslash');
    if (/[1-9k]/.test(letter)) {
        throw new PatternError('uses a back-reference, which cannot run in linear time');
    }
    switch (letter) {
        case 's':
            return [inClass ? SPACE : `[${SPACE}]`, at + 2];
        case 'S':
            return [inClass ? '\\S' : `[^${SPACE}]`, at + 2];
        case 'b':
            return [inClass ? '\\x08' : '\\b', at + 2];
        case '0':
            return ['\\x00', at + 2];
        // Python's names for the ends of the text; Octobatch's schemas were written for Python.
        case 'A':
            return ['\\A', at + 2];
        case 'Z':
        case 'z':
            return ['\\z', at + 2];
        case 'c':
            return controlAt(source, at);
        case 'u':
        case 'x':
            return codePointAt(source, at);
        case 'p':
        case 'P':
            return propertyAt(source, at);
        default:
    }
    if (/[A-Za-z]/.test(letter) && !'dDwWBnrtfv'.includes(letter)) {
        throw new PatternError(`uses the unknown escape \\${letter}`);
    }
    return [`\\${letter}`, at + 2];
}
function controlAt(source, at) {
    const letter = source[at + 2] ?? '';
    if (!/[A-Za-z]/.test(letter))
        throw new PatternError('uses \\c without a letter');
    return [hex(letter.charCodeAt(0) % 32), at + 3];
}
function codePointAt(source, at) {
    const match = /^\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(source.slice(at, at + 12));
    if (match === null)
        throw new PatternError('uses \\u or \\x without its hex digits');
    const code = Number.parseInt(match[1] ?? match[2] ?? match[3], 16);
    const end = at + match[0].length;
    const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(source.slice(end, end + 6));
    if (match[2] === undefined || code < 0xd800 || code > 0xdbff || low === null)
        return [hex(code), end];
    const pair = 0x10000 + ((code - 0xd800) << 10) + (Number.parseInt(low[1], 16) - 0xdc00);
    return [hex(pair), end + 6];
}
function hex(code) {
    return `\\x{${code.toString(16)}}`;
}
// RE2 knows Unicode categories by their short names only.
const CATEGORIES = new Map([
    ['Letter', 'L'],
    ['Uppercase_Letter', 'Lu'],
    ['Lowercase_Letter', 'Ll'],
    ['Titlecase_Letter', 'Lt'],
    ['Modifier_Letter', 'Lm'],
    ['Other_Letter', 'Lo'],
    ['Mark', 'M'],
    ['Number', 'N'],
    ['Decimal_Number', 'Nd'],
    ['Letter_Number', 'Nl'],
    ['Other_Number', 'No'],
    ['digit', 'Nd'],
    ['Punctuation', 'P'],
    ['punct', 'P'],
    ['Symbol', 'S'],
    ['Separator', 'Z'],
    ['Space_Separator', 'Zs'],
    ['Control', 'Cc'],
    ['Other', 'C'],
]);
function propertyAt(source, at) {
    const match = /^\\[pP]\{(?:(?:Script|sc|Script_Extensions|scx|General_Category|gc)=)?([A-Za-z_]{1,40})\}/.exec(source.slice(at, at + 70));
    if (match === null)
        throw new PatternError('uses \\p without a {property name}');
    const name = match[1];
    return [`\\${source[at + 1]}{${CATEGORIES.get(name) ?? name}}`, at + match[0].length];
}

;// CONCATENATED MODULE: ./build/validation/formats.js
// The `format` names that are checked, each in linear time. Other names are notes to the reader and always hold.

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
function isDate(text) {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (match === null)
        return false;
    const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
    const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const days = month === 2 && leap ? 29 : DAYS[month - 1];
    return days !== undefined && day >= 1 && day <= days;
}
function isTime(text) {
    const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[zZ]|([+-])(\d{2}):(\d{2}))$/.exec(text);
    if (match === null)
        return false;
    const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])];
    const [offsetHour, offsetMinute] = [Number(match[5] ?? 0), Number(match[6] ?? 0)];
    if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59)
        return false;
    if (second < 60)
        return true;
    // A leap second exists only at the end of a UTC day.
    const sign = match[4] === '-' ? -1 : 1;
    const utc = hour * 60 + minute - sign * (offsetHour * 60 + offsetMinute);
    return (utc + 1440) % 1440 === 1439;
}
function isDateTime(text) {
    return /^[tT ]$/.test(text.charAt(10)) && isDate(text.slice(0, 10)) && isTime(text.slice(11));
}
function isDuration(text) {
    const match = /^P(?:(\d+)W|(\d+Y)?(\d+M)?(\d+D)?(?:T(\d+H)?(\d+M)?(\d+S)?)?)$/.exec(text);
    return match !== null && !text.endsWith('T') && match.slice(1).some((part) => part !== undefined);
}
function isHostname(text) {
    if (text.length > 253)
        return false;
    return text
        .split('.')
        .every((label) => label.length <= 63 && /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(label));
}
function isEmail(text) {
    const at = text.lastIndexOf('@');
    const name = text.slice(0, at);
    if (at < 1 || name.length > 64)
        return false;
    const host = text.slice(at + 1);
    const plain = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(name);
    const quoted = /^"[^"\\\n\r]*"$/.test(name);
    if (host.startsWith('[') && host.endsWith(']')) {
        const address = host.slice(1, -1);
        return (plain || quoted) && (/^ipv6:/i.test(address) ? isIpv6(address.slice(5)) : isIpv4(address));
    }
    return (plain || quoted) && isHostname(host);
}
function isIpv4(text) {
    const parts = text.split('.');
    return (parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255));
}
function isIpv6(text) {
    if (text.length > 45)
        return false;
    const halves = text.split('::');
    if (halves.length > 2)
        return false;
    const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
    let count = groups.length;
    const last = groups.at(-1);
    if (last?.includes('.')) {
        if (!isIpv4(last) || text.endsWith(':'))
            return false;
        groups.pop();
        count++;
    }
    return (groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) &&
        (halves.length === 2 ? count < 8 : count === 8));
}
const URI_CHARACTERS = /^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-fA-F]{2})*$/;
function isUriReference(text) {
    return URI_CHARACTERS.test(text) && text.indexOf('#') === text.lastIndexOf('#');
}
function isPattern(text) {
    try {
        compilePattern(text);
        return true;
    }
    catch {
        return false;
    }
}
const FORMATS = new Map([
    ['date', isDate],
    ['time', isTime],
    ['date-time', isDateTime],
    ['duration', isDuration],
    ['hostname', isHostname],
    ['email', isEmail],
    ['ipv4', isIpv4],
    ['ipv6', isIpv6],
    ['uuid', (text) => /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text)],
    ['uri', (text) => /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) && isUriReference(text)],
    ['uri-reference', isUriReference],
    ['json-pointer', (text) => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text)],
    ['regex', isPattern],
]);
/** The check behind a `format` name, or null when the name is only a note. */
function findFormat(name) {
    return FORMATS.get(name) ?? null;
}

;// CONCATENATED MODULE: ./build/validation/json-type.js
// The types of JSON Schema, for values that came from JSON.

/** Every type name a schema may use. */
const JSON_TYPES = [
    'null',
    'boolean',
    'integer',
    'number',
    'string',
    'array',
    'object',
];
/** The narrowest JSON type of a value from JSON; 5.0 is an integer, as JSON Schema has it. */
function jsonTypeOf(value) {
    switch (typeof value) {
        case 'string':
            return 'string';
        case 'boolean':
            return 'boolean';
        case 'number':
            return Number.isInteger(value) ? 'integer' : 'number';
        default:
    }
    if (value === null)
        return 'null';
    if (value instanceof PyList)
        return 'array';
    if (value instanceof PyDict)
        return 'object';
    return value instanceof PyFloat || typeof value === 'bigint' ? 'integer' : 'number';
}
/** True when a value of type `actual` may stand where `allowed` are asked for. */
function typeAllowed(actual, allowed) {
    return allowed.includes(actual) || (actual === 'integer' && allowed.includes('number'));
}

;// CONCATENATED MODULE: ./build/validation/wording.js
// How values and types are named to a person, shortened: what is quoted here may come from a model.


const MAX_QUOTE = 60;
const WORDS = {
    null: 'null',
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
    string: 'text',
    array: 'a list',
    object: 'an object',
};
/** A type as words: `a whole number`. */
function typeWord(type) {
    return WORDS[type];
}
/** Types as words: `text or null`. */
function typeWords(types) {
    return types.map(typeWord).join(' or ');
}
/** A value, quoted and at most about 60 characters long. */
function show(value) {
    if (value instanceof PyList)
        return `a list of ${wording_count(value.length, 'item')}`;
    if (value instanceof PyDict)
        return `an object with ${wording_count(value.entries.size, 'name')}`;
    if (typeof value === 'string')
        return JSON.stringify(shorten(value, MAX_QUOTE));
    if (typeof value === 'number' && !Number.isFinite(value))
        return Number.isNaN(value) ? 'nan' : 'infinite';
    if (value === null || typeof value !== 'object' || value instanceof PyFloat) {
        return shorten(json_stringifyJson(value), MAX_QUOTE);
    }
    return `a ${typeName(value)}`;
}
/** The first values of a list, quoted: `"a", "b" or 2 more`. */
function showChoices(values) {
    const shown = values.slice(0, 10).map(show).join(', ');
    return values.length > 10 ? `${shown} and ${values.length - 10} more` : shown;
}
/** `1 item`, `2 items`. */
function wording_count(n, noun) {
    return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
/** The text, cut to so many UTF-16 units with an ellipsis, never through a character. */
function shorten(text, most) {
    if (text.length <= most)
        return text;
    const end = text.charCodeAt(most - 2) >= 0xd800 && text.charCodeAt(most - 2) <= 0xdbff ? most - 2 : most - 1;
    return `${text.slice(0, end)}…`;
}

;// CONCATENATED MODULE: ./build/validation/keywords.js
// The keywords of JSON Schema that look at one value by itself: what each demands of its argument, and what it holds
// a value against. Keywords that apply other schemas are in applicators.ts.






/** True for the drafts in which `$ref` pushes everything beside it aside. */
function isLegacy(draft) {
    return draft === '4' || draft === '6' || draft === '7';
}
/** The schema cannot be used. `pointer` is the JSON pointer of the culprit in the schema. */
class SchemaError extends Error {
    pointer;
    constructor(message, pointer) {
        super(message);
        this.name = 'SchemaError';
        this.pointer = pointer;
    }
}
/** The argument as a number; throws SchemaError. */
function wantNumber(argument, site) {
    if (argument instanceof PyFloat)
        return argument.value;
    if (typeof argument === 'number' || typeof argument === 'bigint')
        return argument;
    throw new SchemaError(`"${site.keyword}" must be a number`, site.pointer);
}
/** The argument as a count, 0 or more; throws SchemaError. */
function wantCount(argument, site) {
    const n = toNumber(argument);
    if (n !== null && Number.isInteger(n) && n >= 0)
        return n;
    throw new SchemaError(`"${site.keyword}" must be a whole number, 0 or more`, site.pointer);
}
/** The argument as text; throws SchemaError. */
function wantText(argument, site) {
    if (typeof argument === 'string')
        return argument;
    throw new SchemaError(`"${site.keyword}" must be text`, site.pointer);
}
/** The argument as a list; throws SchemaError. */
function wantList(argument, site) {
    if (argument instanceof PyList)
        return argument.items.slice(0, argument.length);
    throw new SchemaError(`"${site.keyword}" must be a list`, site.pointer);
}
/** The argument as a list of names; throws SchemaError. */
function wantNames(argument, site) {
    const names = [];
    for (const name of wantList(argument, site)) {
        if (typeof name !== 'string')
            throw new SchemaError(`"${site.keyword}" must list names`, site.pointer);
        names.push(name);
    }
    return names;
}
/** The argument as an object, entry by entry; throws SchemaError. */
function wantObject(argument, site) {
    if (!(argument instanceof PyDict))
        throw new SchemaError(`"${site.keyword}" must be an object`, site.pointer);
    return [...dictEntries(argument)].map(([name, value]) => [String(name), value]);
}
/** A number as JavaScript compares it: exactly, even between an int beyond 2^53 and a float. */
function magnitude(value) {
    if (value instanceof PyFloat)
        return value.value;
    return typeof value === 'number' || typeof value === 'bigint' ? value : null;
}
function compileType(argument, site) {
    const names = typeof argument === 'string' ? [argument] : wantNames(argument, site);
    if (names.length === 0)
        throw new SchemaError('"type" must name at least one type', site.pointer);
    for (const name of names) {
        if (!JSON_TYPES.includes(name)) {
            throw new SchemaError(`"${name}" is not a JSON type; the types are ${JSON_TYPES.join(', ')}`, site.pointer);
        }
    }
    site.node.types = names;
}
function compileChoices(choices, site) {
    const allowed = new Set(choices.map(canonicalJson));
    // Beside an `enum`, a `const` decides; both are still checked.
    if (site.keyword === 'const' || site.node.choices === null)
        site.node.choices = choices;
    site.node.assertions.push((value, place, run) => {
        spendForSize(run, value);
        if (allowed.has(canonicalJson(value)))
            return true;
        const choice = choices.length === 1 ? '' : 'one of ';
        return run.fail(place, site.keyword, () => `must be ${choice}${showChoices(choices)}, but is ${show(value)}`);
    });
}
function compileEnum(argument, site) {
    const choices = wantList(argument, site);
    if (choices.length === 0)
        throw new SchemaError('"enum" must list at least one value', site.pointer);
    compileChoices(choices, site);
}
// Comparing whole lists and objects costs as much as reading them.
function spendForSize(run, value) {
    if (value instanceof PyList) {
        run.spend(value.length);
        for (let i = 0; i < value.length; i++)
            spendForSize(run, value.items[i]);
    }
    else if (value instanceof PyDict) {
        run.spend(value.entries.size);
        for (const item of value.entries.values())
            spendForSize(run, item);
    }
}
function compileBound(holds, words) {
    return (argument, site) => {
        const bound = wantNumber(argument, site);
        site.node.assertions.push((value, place, run) => {
            const n = magnitude(value);
            if (n === null || holds(n, bound))
                return true;
            return run.fail(place, site.keyword, () => `must be ${words} ${bound}, but is ${show(value)}`);
        });
    };
}
const atLeast = (value, bound) => value >= bound;
const atMost = (value, bound) => value <= bound;
const above = (value, bound) => value > bound;
const below = (value, bound) => value < bound;
/** Draft 4 writes `exclusiveMinimum: true` beside `minimum`. */
function isExclusive(site, keyword) {
    return site.draft === '4' && dictGet(site.schema, keyword) === true;
}
const compileMinimum = (argument, site) => (isExclusive(site, 'exclusiveMinimum')
    ? compileBound(above, 'more than')
    : compileBound(atLeast, 'at least'))(argument, site);
const compileMaximum = (argument, site) => (isExclusive(site, 'exclusiveMaximum')
    ? compileBound(below, 'less than')
    : compileBound(atMost, 'at most'))(argument, site);
function compileExclusive(compile) {
    return (argument, site) => {
        if (site.draft !== '4')
            return compile(argument, site);
        if (typeof argument !== 'boolean') {
            throw new SchemaError(`"${site.keyword}" must be true or false in draft 4`, site.pointer);
        }
    };
}
function compileMultipleOf(argument, site) {
    const divisor = wantNumber(argument, site);
    if (divisor <= 0)
        throw new SchemaError('"multipleOf" must be more than 0', site.pointer);
    site.node.assertions.push((value, place, run) => {
        const n = magnitude(value);
        if (n === null || isMultiple(n, divisor))
            return true;
        return run.fail(place, 'multipleOf', () => `must be a multiple of ${divisor}, but is ${show(value)}`);
    });
}
// In decimal, so that 0.3 is a multiple of 0.1 as people expect.
function isMultiple(value, divisor) {
    const [a, aExponent] = decimalOf(value);
    const [b, bExponent] = decimalOf(divisor);
    const shift = aExponent - bExponent;
    return shift >= 0 ? (a * 10n ** BigInt(shift)) % b === 0n : a % (b * 10n ** BigInt(-shift)) === 0n;
}
function decimalOf(value) {
    const [digits, exponent = '0'] = String(value).split('e');
    const point = digits.indexOf('.');
    const fraction = point === -1 ? 0 : digits.length - point - 1;
    return [BigInt(digits.replace('.', '')), Number(exponent) - fraction];
}
/** A keyword that limits a size: `sizeOf` gives the size, or null when the value has none. */
function compileSize(sizeOf, bound, noun) {
    return (argument, site) => {
        const limit = wantCount(argument, site);
        site.node.assertions.push((value, place, run) => {
            const size = sizeOf(value);
            if (size === null || (bound === 'most' ? size <= limit : size >= limit))
                return true;
            return run.fail(place, site.keyword, () => `must have at ${bound} ${wording_count(limit, noun)}, but has ${size}`);
        });
    };
}
function keywords_characters(value) {
    if (typeof value !== 'string')
        return null;
    let n = 0;
    for (const _ of value)
        n++;
    return n;
}
const items = (value) => (value instanceof PyList ? value.length : null);
const names = (value) => (value instanceof PyDict ? value.entries.size : null);
function compilePatternKeyword(argument, site) {
    const source = wantText(argument, site);
    const pattern = site.pattern(source, site.pointer);
    site.node.assertions.push((value, place, run) => {
        if (typeof value !== 'string')
            return true;
        run.spend(value.length >> 3);
        if (pattern.test(value))
            return true;
        return run.fail(place, 'pattern', () => `must match the pattern ${show(source)}, but is ${show(value)}`);
    });
}
function compileFormat(argument, site) {
    const name = wantText(argument, site);
    const format = findFormat(name);
    if (format === null)
        return;
    site.node.assertions.push((value, place, run) => {
        if (typeof value !== 'string')
            return true;
        run.spend(value.length >> 3);
        return format(value) || run.fail(place, 'format', () => `must be a valid ${name}, but is ${show(value)}`);
    });
}
function compileRequired(argument, site) {
    if (typeof argument === 'boolean') {
        throw new SchemaError('"required" must be a list of names, beside "properties"', site.pointer);
    }
    const required = wantNames(argument, site);
    site.node.assertions.push((value, place, run) => {
        if (!(value instanceof PyDict))
            return true;
        let holds = true;
        for (const name of required) {
            run.spend(1);
            if (dictGet(value, name) === undefined) {
                holds = run.fail(place, 'required', () => `${show(name)} is missing`);
            }
        }
        return holds;
    });
}
function compileDependentRequired(argument, site) {
    for (const [trigger, list] of wantObject(argument, site))
        requireWith(trigger, wantNames(list, site), site);
}
/** Asserts that these names are there whenever `trigger` is. */
function requireWith(trigger, required, site) {
    site.node.assertions.push((value, place, run) => {
        if (!(value instanceof PyDict) || dictGet(value, trigger) === undefined)
            return true;
        const missing = required.filter((name) => dictGet(value, name) === undefined);
        if (missing.length === 0)
            return true;
        return run.fail(place, site.keyword, () => `has ${show(trigger)} and so needs ${missing.map(show).join(', ')}`);
    });
}
function compileUniqueItems(argument, site) {
    if (typeof argument !== 'boolean')
        throw new SchemaError('"uniqueItems" must be true or false', site.pointer);
    if (!argument)
        return;
    site.node.assertions.push((value, place, run) => {
        if (!(value instanceof PyList))
            return true;
        spendForSize(run, value);
        const seen = new Map();
        for (let i = 0; i < value.length; i++) {
            const text = canonicalJson(value.items[i]);
            const first = seen.get(text);
            if (first !== undefined) {
                return run.fail(place, 'uniqueItems', () => `must not repeat an item, but items ${first} and ${i} are equal`);
            }
            seen.set(text, i);
        }
        return true;
    });
}
/** Compiles a pattern or says where in the schema it cannot be. */
function patternAt(source, pointer) {
    try {
        return compilePattern(source);
    }
    catch (error) {
        if (error instanceof PatternError)
            throw new SchemaError(`the pattern ${show(source)} ${error.message}`, pointer);
        throw error;
    }
}
/** The keywords of this file, in checking order. */
const VALUE_KEYWORDS = [
    ['type', compileType],
    ['enum', compileEnum],
    ['const', (argument, site) => compileChoices([argument], site)],
    ['minimum', compileMinimum],
    ['maximum', compileMaximum],
    ['exclusiveMinimum', compileExclusive(compileBound(above, 'more than'))],
    ['exclusiveMaximum', compileExclusive(compileBound(below, 'less than'))],
    ['multipleOf', compileMultipleOf],
    ['minLength', compileSize(keywords_characters, 'least', 'character')],
    ['maxLength', compileSize(keywords_characters, 'most', 'character')],
    ['pattern', compilePatternKeyword],
    ['format', compileFormat],
    ['minItems', compileSize(items, 'least', 'item')],
    ['maxItems', compileSize(items, 'most', 'item')],
    ['uniqueItems', compileUniqueItems],
    ['minProperties', compileSize(names, 'least', 'name')],
    ['maxProperties', compileSize(names, 'most', 'name')],
    ['required', compileRequired],
    ['dependentRequired', compileDependentRequired],
];

;// CONCATENATED MODULE: ./build/validation/node.js


/** A subschema that allows everything, to be filled. */
function createNode(pointer) {
    return {
        pointer,
        always: null,
        assertions: [],
        inPlace: [],
        types: null,
        choices: null,
        properties: new Map(),
        patternProperties: [],
        additionalProperties: null,
        prefixItems: [],
        items: null,
        also: [],
        alternatives: [],
    };
}
/** Most issues reported for one answer. */
const MAX_ISSUES = 50;
/** Steps one answer may cost; a 4 MB answer under a plain schema costs about 2 million. */
const MAX_STEPS = 10_000_000;
// 60 levels of data, ten subschemas deep at each; keeps the stack far from its end.
const MAX_DEPTH = 600;
/** Thrown inside a run when its fuel is spent; whoever started the run turns it into an issue. */
class OutOfSteps extends Error {
}
/** One answer being checked. While `issues` is null the run only wants yes or no, and stops at the first no. */
class Run {
    issues;
    /** True when some subschema asks what was looked at. */
    tracks;
    steps;
    depth = 0;
    constructor(tracks, issues, steps = MAX_STEPS) {
        this.tracks = tracks;
        this.issues = issues;
        this.steps = steps;
    }
    /** Takes fuel; throws OutOfSteps when there is none left. */
    spend(steps) {
        this.steps -= steps;
        if (this.steps < 0)
            throw new OutOfSteps();
    }
    /** Reports an issue and answers false, so that an assertion can return it. */
    fail(place, rule, message) {
        if (this.issues !== null && this.issues.length < MAX_ISSUES) {
            this.issues.push({ path: pointerOf(place), rule, message: message() });
        }
        return false;
    }
    /** Holds the value against the subschema. */
    check(node, value, place, seen) {
        if (node.always !== null) {
            return node.always || this.fail(place, 'false', () => 'is not allowed here');
        }
        this.spend(1);
        if (++this.depth > MAX_DEPTH)
            throw new OutOfSteps();
        const holds = this.holds(node, value, place, seen ?? (this.tracks ? createSeen() : null));
        this.depth--;
        return holds;
    }
    holds(node, value, place, seen) {
        const types = node.types;
        if (types !== null && !typeAllowed(jsonTypeOf(value), types)) {
            // Said first and alone: after a wrong type the other keywords have nothing to add.
            return this.fail(place, 'type', () => `must be ${typeWords(types)}, but is ${show(value)}`);
        }
        let holds = true;
        for (const assertion of node.assertions) {
            if (assertion(value, place, this, seen))
                continue;
            if (this.issues === null)
                return false;
            holds = false;
        }
        return holds;
    }
    /** Holds the value against a subschema applied in place; what it looked at counts only when it holds. */
    checkInPlace(node, value, place, seen) {
        if (seen === null)
            return this.check(node, value, place, null);
        const inner = createSeen();
        if (!this.check(node, value, place, inner))
            return false;
        this.spend(inner.names.size + inner.items.size);
        for (const name of inner.names)
            seen.names.add(name);
        for (const index of inner.items)
            seen.items.add(index);
        return true;
    }
    /** Like `checkInPlace`, reporting nothing. */
    tries(node, value, place, seen) {
        const issues = this.issues;
        this.issues = null;
        const holds = this.checkInPlace(node, value, place, seen);
        this.issues = issues;
        return holds;
    }
    /** The issues that a subschema finds, without reporting them. */
    issuesOf(node, value, place) {
        const outer = this.issues;
        const inner = [];
        this.issues = inner;
        this.check(node, value, place, null);
        this.issues = outer;
        return inner;
    }
}
function createSeen() {
    return { names: new Set(), items: new Set() };
}
/** JSON pointer of a place. */
function pointerOf(place) {
    const parts = [];
    for (let at = place; at !== null; at = at.parent)
        parts.push(escapePointer(String(at.key)));
    return parts
        .reverse()
        .map((part) => `/${part}`)
        .join('');
}
/** One name as a part of a JSON pointer. */
function escapePointer(name) {
    return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

;// CONCATENATED MODULE: ./build/validation/applicators.js
// The keywords of JSON Schema that apply other schemas: to the same value, to what it contains, and to whatever the
// others left unevaluated.




function childList(argument, site) {
    const list = wantList(argument, site);
    if (list.length === 0)
        throw new SchemaError(`"${site.keyword}" must list at least one schema`, site.pointer);
    return list.map((_, i) => site.child(`${site.pointer}/${i}`));
}
function childMap(argument, site) {
    return wantObject(argument, site).map(([name]) => [
        name,
        site.child(`${site.pointer}/${escapePointer(name)}`),
    ]);
}
function applyInPlace(site, nodes, assertion) {
    site.node.inPlace.push(...nodes);
    site.node.assertions.push(assertion);
}
function compileReference(argument, site) {
    const target = site.resolve(wantText(argument, site));
    site.node.also.push(target);
    applyInPlace(site, [target], (value, place, run, seen) => run.checkInPlace(target, value, place, seen));
}
function compileAllOf(argument, site) {
    const nodes = childList(argument, site);
    site.node.also.push(...nodes);
    applyInPlace(site, nodes, (value, place, run, seen) => {
        let holds = true;
        for (const node of nodes)
            holds = run.checkInPlace(node, value, place, seen) && holds;
        return holds;
    });
}
function compileAnyOf(argument, site) {
    const nodes = childList(argument, site);
    site.node.alternatives.push(nodes);
    applyInPlace(site, nodes, (value, place, run, seen) => {
        let holds = false;
        for (const node of nodes) {
            // All of them may have looked at something, so with tracking none may be skipped.
            if (!holds || seen !== null)
                holds = run.tries(node, value, place, seen) || holds;
        }
        if (holds)
            return true;
        return run.fail(place, 'anyOf', () => `fits none of ${wording_count(nodes.length, 'alternative')}${nearest(nodes, value, place, run)}`);
    });
}
function compileOneOf(argument, site) {
    const nodes = childList(argument, site);
    site.node.alternatives.push(nodes);
    applyInPlace(site, nodes, (value, place, run, seen) => {
        const fitting = nodes.filter((node) => run.tries(node, value, place, null));
        if (fitting.length === 1)
            return seen === null || run.tries(fitting[0], value, place, seen);
        return run.fail(place, 'oneOf', () => fitting.length === 0
            ? `fits none of ${wording_count(nodes.length, 'alternative')}${nearest(nodes, value, place, run)}`
            : `must fit exactly one of ${wording_count(nodes.length, 'alternative')}, but fits ${fitting.length}`);
    });
}
/** The first complaint of the alternative with the fewest, which is usually the one that was meant. */
function nearest(nodes, value, place, run) {
    let best = null;
    let fewest = Number.POSITIVE_INFINITY;
    for (const node of nodes) {
        const issues = run.issuesOf(node, value, place);
        if (issues.length === 0 || issues.length >= fewest)
            continue;
        fewest = issues.length;
        best = issues[0];
    }
    if (best === null)
        return '';
    const path = best.path === pointerOf(place) ? '' : `${best.path} `;
    return `; nearest: ${path}${best.message}`;
}
function compileNot(_argument, site) {
    const node = site.child(site.pointer);
    applyInPlace(site, [node], (value, place, run) => !run.tries(node, value, place, null) || run.fail(place, 'not', () => `must not be ${show(value)}`));
}
function compileIf(_argument, site) {
    const condition = site.child(site.pointer);
    const base = site.pointer.slice(0, -'/if'.length);
    const branch = (keyword) => dictGet(site.schema, keyword) === undefined ? null : site.child(`${base}/${keyword}`);
    const then = branch('then');
    const otherwise = branch('else');
    const nodes = [condition, then, otherwise].filter((node) => node !== null);
    applyInPlace(site, nodes, (value, place, run, seen) => {
        const next = run.tries(condition, value, place, seen) ? then : otherwise;
        return next === null || run.checkInPlace(next, value, place, seen);
    });
}
function compileDependentSchemas(argument, site) {
    for (const [trigger, node] of childMap(argument, site))
        applyWith(trigger, node, site);
}
function applyWith(trigger, node, site) {
    applyInPlace(site, [node], (value, place, run, seen) => !(value instanceof PyDict) ||
        dictGet(value, trigger) === undefined ||
        run.checkInPlace(node, value, place, seen));
}
/** Drafts before 2019-09 had one keyword for both kinds of dependency. */
function compileDependencies(argument, site) {
    for (const [trigger, dependency] of wantObject(argument, site)) {
        if (dependency instanceof PyList)
            requireWith(trigger, wantNames(dependency, site), site);
        else
            applyWith(trigger, site.child(`${site.pointer}/${escapePointer(trigger)}`), site);
    }
}
/** `properties`, `patternProperties` and `additionalProperties` divide the names between them, so they are one. */
function compileProperties(_argument, site) {
    const { node, schema } = site;
    const first = ['properties', 'patternProperties', 'additionalProperties'].find((keyword) => dictGet(schema, keyword) !== undefined);
    if (site.keyword !== first)
        return;
    const base = site.pointer.slice(0, -(site.keyword.length + 1));
    const at = (keyword) => ({ ...site, keyword, pointer: `${base}/${keyword}` });
    const properties = dictGet(schema, 'properties');
    if (properties !== undefined) {
        for (const [name, child] of childMap(properties, at('properties')))
            node.properties.set(name, child);
    }
    const patterned = dictGet(schema, 'patternProperties');
    if (patterned !== undefined) {
        for (const [source, child] of childMap(patterned, at('patternProperties'))) {
            node.patternProperties.push({ pattern: site.pattern(source, child.pointer), node: child });
        }
    }
    if (dictGet(schema, 'additionalProperties') !== undefined) {
        node.additionalProperties = site.child(`${base}/additionalProperties`);
    }
    node.assertions.push(checkProperties(node));
}
function checkProperties(node) {
    return (value, parent, run, seen) => {
        if (!(value instanceof PyDict))
            return true;
        let holds = true;
        for (const [key, item] of dictEntries(value)) {
            const name = key;
            const place = { parent, key: name };
            const nodes = nodesForName(node, name);
            run.spend(1 + node.patternProperties.length * (1 + (name.length >> 3)));
            if (nodes.length > 0)
                seen?.names.add(name);
            for (const child of nodes) {
                if (child.always === false) {
                    const rule = child === node.additionalProperties ? 'additionalProperties' : 'properties';
                    holds = run.fail(parent, rule, () => `must not have the name ${show(name)}`);
                }
                else {
                    holds = run.check(child, item, place, null) && holds;
                }
            }
            if (!holds && run.issues === null)
                return false;
        }
        return holds;
    };
}
/** The subschemas of one object schema that speak about a name. */
function nodesForName(node, name) {
    const nodes = [];
    const own = node.properties.get(name);
    if (own !== undefined)
        nodes.push(own);
    for (const patterned of node.patternProperties) {
        if (patterned.pattern.test(name))
            nodes.push(patterned.node);
    }
    if (nodes.length === 0 && node.additionalProperties !== null)
        nodes.push(node.additionalProperties);
    return nodes;
}
function compilePropertyNames(_argument, site) {
    const node = site.child(site.pointer);
    site.node.assertions.push((value, place, run) => {
        if (!(value instanceof PyDict))
            return true;
        let holds = true;
        for (const [name] of dictEntries(value)) {
            run.spend(1);
            if (run.tries(node, name, place, null))
                continue;
            holds = run.fail(place, 'propertyNames', () => `has the name ${show(name)}, which is not allowed`);
        }
        return holds;
    });
}
function compilePrefixItems(argument, site) {
    site.node.prefixItems.push(...childList(argument, site));
    if (dictGet(site.schema, 'items') === undefined)
        site.node.assertions.push(checkItems(site.node));
}
function applicators_compileItems(argument, site) {
    if (argument instanceof PyList) {
        if (site.draft === '2020-12') {
            throw new SchemaError('"items" must be one schema; a list of schemas is called "prefixItems"', site.pointer);
        }
        const nodes = argument.length === 0 ? [] : childList(argument, site);
        site.node.prefixItems.push(...nodes);
        if (dictGet(site.schema, 'additionalItems') !== undefined) {
            site.node.items = site.child(site.pointer.replace(/items$/, 'additionalItems'));
        }
    }
    else {
        site.node.items = site.child(site.pointer);
    }
    site.node.assertions.push(checkItems(site.node));
}
function checkItems(node) {
    return (value, parent, run, seen) => {
        if (!(value instanceof PyList))
            return true;
        let holds = true;
        for (let i = 0; i < value.length; i++) {
            const child = nodeForItem(node, i);
            if (child === null)
                break;
            run.spend(1);
            seen?.items.add(i);
            holds = run.check(child, value.items[i], { parent, key: i }, null) && holds;
            if (!holds && run.issues === null)
                return false;
        }
        return holds;
    };
}
/** The subschema of one list schema that speaks about an item. */
function nodeForItem(node, index) {
    return node.prefixItems[index] ?? node.items;
}
function compileContains(_argument, site) {
    const node = site.child(site.pointer);
    const limit = (keyword) => {
        const argument = dictGet(site.schema, keyword);
        if (argument === undefined || isLegacy(site.draft))
            return null;
        return wantCount(argument, { ...site, keyword, pointer: site.pointer.replace(/contains$/, keyword) });
    };
    const least = limit('minContains') ?? 1;
    const most = limit('maxContains') ?? Number.POSITIVE_INFINITY;
    site.node.assertions.push((value, parent, run, seen) => {
        if (!(value instanceof PyList))
            return true;
        let found = 0;
        for (let i = 0; i < value.length; i++) {
            if (!run.tries(node, value.items[i], { parent, key: i }, null))
                continue;
            found++;
            if (site.draft === '2020-12')
                seen?.items.add(i);
        }
        if (found < least) {
            return run.fail(parent, 'contains', () => `must contain at least ${wording_count(least, 'matching item')}, but has ${found}`);
        }
        if (found > most) {
            return run.fail(parent, 'contains', () => `must contain at most ${wording_count(most, 'matching item')}, but has ${found}`);
        }
        return true;
    });
}
function compileUnevaluatedItems(_argument, site) {
    const node = site.child(site.pointer);
    site.node.assertions.push((value, parent, run, seen) => {
        if (!(value instanceof PyList))
            return true;
        let holds = true;
        for (let i = 0; i < value.length; i++) {
            if (seen.items.has(i))
                continue;
            seen.items.add(i);
            holds = run.check(node, value.items[i], { parent, key: i }, null) && holds;
        }
        return holds;
    });
}
function compileUnevaluatedProperties(_argument, site) {
    const node = site.child(site.pointer);
    site.node.assertions.push((value, parent, run, seen) => {
        if (!(value instanceof PyDict))
            return true;
        let holds = true;
        for (const [key, item] of dictEntries(value)) {
            const name = key;
            if (seen.names.has(name))
                continue;
            seen.names.add(name);
            if (node.always === false) {
                holds = run.fail(parent, 'unevaluatedProperties', () => `must not have the name ${show(name)}`);
            }
            else {
                holds = run.check(node, item, { parent, key: name }, null) && holds;
            }
        }
        return holds;
    });
}
/** The keywords of this file, in checking order: what asks for the unevaluated comes last. */
const APPLICATORS = [
    ['$ref', compileReference],
    ['$dynamicRef', compileReference],
    ['$recursiveRef', compileReference],
    ['properties', compileProperties],
    ['patternProperties', compileProperties],
    ['additionalProperties', compileProperties],
    ['propertyNames', compilePropertyNames],
    ['prefixItems', compilePrefixItems],
    ['items', applicators_compileItems],
    ['contains', compileContains],
    ['allOf', compileAllOf],
    ['anyOf', compileAnyOf],
    ['oneOf', compileOneOf],
    ['not', compileNot],
    ['if', compileIf],
    ['dependentSchemas', compileDependentSchemas],
    ['dependencies', compileDependencies],
    ['unevaluatedItems', compileUnevaluatedItems],
    ['unevaluatedProperties', compileUnevaluatedProperties],
];

;// CONCATENATED MODULE: ./build/validation/coerce.js
// Gives an answer the types its schema and checks ask for, where only one reading is possible. A value that is allowed
// as it stands is never touched, so coercing twice changes nothing more. It judges nothing: that comes after.








// Enough to see what happened; a list of a thousand numbers in quotes needs no thousand lines.
const MAX_NOTES = 10;
// Alternatives within alternatives; keeps the stack far from its end.
const coerce_MAX_DEPTH = 600;
/**
 * Coerces an answer under the guidance of subschemas that all hold for it. `run` must report no issues; when its
 * fuel is spent the value comes back as it was.
 */
function coerce(value, guides, run) {
    const coercer = new Coercer(run);
    try {
        const unwrapped = coercer.unwrap(value, guides);
        return { value: coercer.value(unwrapped, guides, null), notes: coercer.notes };
    }
    catch (error) {
        if (!(error instanceof OutOfSteps))
            throw error;
        return { value, notes: [] };
    }
}
class Coercer {
    notes = [];
    run;
    depth = 0;
    constructor(run) {
        this.run = run;
    }
    /** `{"response": {...}}` is its content when the schema knows names of the content and not `response`. */
    unwrap(value, guides) {
        if (!(value instanceof PyDict) || value.entries.size !== 1)
            return value;
        const known = new Set(this.gather(guides).flatMap((node) => [...node.properties.keys()]));
        let inner = value;
        while (inner.entries.size === 1) {
            const [[name, content] = ['', null]] = dictEntries(inner);
            if (!(content instanceof PyDict) || known.has(String(name)))
                return inner;
            const fits = [...dictEntries(content)].some(([key]) => known.has(String(key)));
            if (!fits)
                return inner;
            this.note(null, `took the answer out of ${show(name)}`);
            inner = content;
        }
        return inner;
    }
    value(value, guides, place) {
        this.run.spend(1);
        if (++this.depth > coerce_MAX_DEPTH)
            throw new OutOfSteps();
        const nodes = this.gather(guides);
        let result = this.shaped(value, nodes, place);
        const settled = [];
        for (const node of nodes) {
            for (const alternatives of node.alternatives) {
                result = this.settle(result, alternatives, settled, nodes, place);
                settled.push(alternatives);
            }
        }
        this.depth--;
        return result;
    }
    /** Coerces the value and what it contains, alternatives aside. */
    shaped(value, nodes, place) {
        const result = this.scalar(value, nodes, place);
        if (result instanceof PyDict)
            return this.object(result, nodes, place);
        return result instanceof PyList ? this.list(result, nodes, place) : result;
    }
    /** The guides and all that holds beside them: references and `allOf`, each once. */
    gather(guides) {
        const nodes = [];
        const waiting = [...guides].reverse();
        for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
            if (nodes.includes(node))
                continue;
            this.run.spend(1 + nodes.length);
            nodes.push(node);
            waiting.push(...[...node.also].reverse());
        }
        return nodes;
    }
    /** Coerces under the first alternative that this makes fit, unless one fits already or an earlier choice would not. */
    settle(value, alternatives, settled, nodes, place) {
        if (this.fitsOne(alternatives, value, place))
            return value;
        const fitted = settled.filter((earlier) => this.fitsOne(earlier, value, place));
        const noted = this.notes.length;
        for (const node of alternatives) {
            const coerced = this.shaped(this.value(value, [node], place), nodes, place);
            if (this.run.tries(node, coerced, place, null) &&
                fitted.every((earlier) => this.fitsOne(earlier, coerced, place))) {
                return coerced;
            }
            this.notes.length = noted;
        }
        return value;
    }
    fitsOne(alternatives, value, place) {
        return alternatives.some((node) => this.run.tries(node, value, place, null));
    }
    object(dict, nodes, place) {
        let changed = false;
        const entries = [];
        for (const [key, item] of dictEntries(dict)) {
            const name = String(key);
            const children = nodes.flatMap((node) => nodesForName(node, name));
            const coerced = children.length === 0 ? item : this.value(item, children, { parent: place, key: name });
            changed ||= coerced !== item;
            entries.push([name, coerced]);
        }
        return changed ? values_dictOf(entries) : dict;
    }
    list(list, nodes, place) {
        if (nodes.every((node) => node.items === null && node.prefixItems.length === 0))
            return list;
        const items = [];
        let changed = false;
        for (let i = 0; i < list.length; i++) {
            const item = list.items[i];
            const children = nodes.map((node) => nodeForItem(node, i)).filter((node) => node !== null);
            const coerced = children.length === 0 ? item : this.value(item, children, { parent: place, key: i });
            changed ||= coerced !== item;
            items.push(coerced);
        }
        return changed ? values_listOf(items) : list;
    }
    /** Changes the value itself (not what it contains) when it is not allowed and one other reading is. */
    scalar(value, nodes, place) {
        const types = commonTypes(nodes);
        const choices = nodes.map((node) => node.choices).filter((list) => list !== null);
        let result = value;
        if (typeof value === 'string') {
            const chosen = choices.length === 0 ? null : choose(value, choices[0]);
            if (chosen !== null)
                result = chosen;
            else if (types !== null && !types.includes('string'))
                result = readText(value, types, limits_DEFAULT_LIMITS.depth - depthOf(place));
        }
        else if (value instanceof PyFloat && types?.includes('integer') && !types.includes('number')) {
            result = values_makeInt(BigInt(value.value));
        }
        if (result !== value)
            this.note(place, `read ${show(value)} as ${show(result)}`);
        // A single text where a list is asked for is a list of one; empty text may mean an empty list, so it stays.
        const unread = typeof result === 'string' && result.trim() !== '';
        if (unread && types?.includes('array') && !types.includes('string')) {
            this.note(place, `put ${show(result)} into a list of one`);
            return values_listOf([result]);
        }
        return result;
    }
    note(place, what) {
        if (this.notes.length >= MAX_NOTES)
            return;
        const pointer = pointerOf(place);
        this.notes.push(pointer === '' ? what : `${pointer}: ${what}`);
    }
}
function depthOf(place) {
    let depth = 0;
    for (let at = place; at !== null; at = at.parent)
        depth++;
    return depth;
}
/** The types that all of them allow, or null when none of them says. Contradicting ones: those of the first. */
function commonTypes(nodes) {
    let common = null;
    for (const { types } of nodes) {
        if (types === null)
            continue;
        if (common === null) {
            common = types;
            continue;
        }
        const narrower = [
            ...common.filter((type) => typeAllowed(type, types)),
            ...types.filter((type) => type === 'integer' && common?.includes('number') && !common.includes('integer')),
        ];
        if (narrower.length > 0)
            common = narrower;
    }
    return common;
}
/** The choice a text means: itself, the one that differs in case only, or the number or boolean it spells. */
function choose(text, choices) {
    if (choices.includes(text))
        return text;
    const folded = foldCase(text);
    const alike = choices.filter((choice) => typeof choice === 'string' && foldCase(choice) === folded);
    if (alike.length === 1)
        return alike[0];
    if (alike.length > 1)
        return null;
    const types = choices.filter((choice) => typeof choice !== 'string').map(jsonTypeOf);
    const read = readText(text, types, 0);
    return read !== text && choices.some((choice) => canonicalJson(choice) === canonicalJson(read))
        ? read
        : null;
}
/** Text as choices are compared: without case and without white space around it. */
function foldCase(text) {
    return text.trim().toLowerCase();
}
const BOOLEANS = new Map([
    ['true', true],
    ['yes', true],
    ['false', false],
    ['no', false],
]);
/** The text read as one of the types, none of which is text; the text itself when it cannot be. */
function readText(text, types, maxDepth) {
    const trimmed = text.trim();
    if (types.includes('integer') || types.includes('number')) {
        const number = readNumber(trimmed);
        if (number !== null && typeAllowed(jsonTypeOf(number), types)) {
            return number instanceof PyFloat && !types.includes('number') ? values_makeInt(BigInt(number.value)) : number;
        }
    }
    if (types.includes('boolean')) {
        const boolean = BOOLEANS.get(trimmed.toLowerCase());
        if (boolean !== undefined)
            return boolean;
    }
    if (types.includes('null') && trimmed.toLowerCase() === 'null')
        return null;
    const opening = trimmed[0];
    if ((opening === '[' && types.includes('array')) || (opening === '{' && types.includes('object'))) {
        return readJson(trimmed, maxDepth) ?? text;
    }
    return text;
}
const coerce_MAX_DIGITS = 400;
function readNumber(text) {
    if (text.length > coerce_MAX_DIGITS)
        return null;
    if (/^[+-]?[0-9]+$/.test(text))
        return values_makeInt(BigInt(text.replace(/^\+/, '')));
    if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text))
        return null;
    const number = Number(text);
    return Number.isFinite(number) ? makeFloat(number) : null;
}
function readJson(text, maxDepth) {
    try {
        const value = parseJson(text, maxDepth);
        return value instanceof PyDict || value instanceof PyList ? value : null;
    }
    catch (error) {
        if (error instanceof JsonError)
            return null;
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/validation/repair.js
// Mends the slips models make in JSON: a comma before a closing bracket, `+5`, a raw line break inside a string.
// Everything else inside strings is left alone, whatever it looks like; a text that needs more is not JSON.
/** Mends a text that is nearly JSON. It may still not be JSON afterwards. */
function repairJson(text) {
    let out = '';
    let copied = 0;
    let commas = 0;
    let pluses = 0;
    let controls = 0;
    // The last character outside strings and white space tells whether a value may begin here.
    let before = '';
    for (let i = 0; i < text.length; i++) {
        const char = text[i];
        if (char === '"') {
            const end = stringEnd(text, i);
            const escaped = escapeControls(text.slice(i, end));
            if (escaped.count > 0) {
                out += text.slice(copied, i) + escaped.text;
                copied = end;
                controls += escaped.count;
            }
            i = end - 1;
            before = char;
        }
        else if (char === ',' && /[}\]]/.test(nextSignificant(text, i + 1))) {
            out += text.slice(copied, i);
            copied = i + 1;
            commas++;
        }
        else if (char === '+' && /^[:[,]?$/.test(before) && /[0-9]/.test(text[i + 1] ?? '')) {
            out += text.slice(copied, i);
            copied = i + 1;
            pluses++;
        }
        else if (!isSpace(char)) {
            before = char;
        }
    }
    const notes = [];
    if (commas > 0)
        notes.push(`removed ${commas} comma${commas === 1 ? '' : 's'} before a closing bracket`);
    if (pluses > 0)
        notes.push(`removed ${pluses} plus sign${pluses === 1 ? '' : 's'} before a number`);
    if (controls > 0)
        notes.push(`escaped ${controls} control character${controls === 1 ? '' : 's'} in text`);
    return { text: out + text.slice(copied), notes };
}
/** The position after the string that begins at `start`, or the end of the text when it never ends. */
function stringEnd(text, start) {
    for (let i = start + 1; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code === 34)
            return i + 1;
        if (code === 92)
            i++;
    }
    return text.length;
}
function isSpace(char) {
    return char === ' ' || char === '\n' || char === '\r' || char === '\t';
}
function nextSignificant(text, from) {
    let i = from;
    while (i < text.length && isSpace(text[i]))
        i++;
    return text[i] ?? '';
}
function escapeControls(text) {
    let count = 0;
    const escaped = text.replace(/[\u0000-\u001f]/g, (char) => {
        count++;
        return JSON.stringify(char).slice(1, -1);
    });
    return { text: escaped, count };
}

;// CONCATENATED MODULE: ./build/validation/extract.js
// From a model's text to one JSON value: as it stands, inside one code fence, or inside prose; mended if need be.
// It never chooses between two answers and never takes a piece of a broken one: then the text is not JSON.




/** Longest answer that is looked at, in UTF-16 units. */
const MAX_ANSWER = 4 * 1024 * 1024;
// Every start in prose may be followed to the end of the text; this bounds the sum.
const SCAN_FACTOR = 8;
const MAX_CANDIDATES = 1000;
/** Finds the JSON value of an answer. Never throws. */
function extractJson(answer) {
    if (answer.length > MAX_ANSWER)
        return none('it is longer than 4 MB');
    const text = answer.replace(/^\ufeff/, '').trim();
    if (text === '')
        return none('it is empty');
    const whole = tryParse(text);
    if (whole.kind === 'found')
        return whole;
    const inner = insideFence(text);
    const fenced = inner === null ? null : tryParse(inner);
    if (fenced?.kind === 'found')
        return { ...fenced, notes: ['took the JSON out of its code fence'] };
    const found = findInProse(inner ?? text, inner === null ? whole.reason : (fenced?.reason ?? whole.reason));
    if (found.kind === 'none' || inner === null)
        return found;
    return { ...found, notes: ['took the JSON out of its code fence', ...found.notes] };
}
function none(reason) {
    return { kind: 'none', reason };
}
function tryParse(text) {
    try {
        return { kind: 'found', value: parseJson(text), notes: [] };
    }
    catch (error) {
        if (!(error instanceof JsonError))
            throw error;
        return none(`${error.message} at line ${error.line}, column ${error.column}`);
    }
}
function parseOrRepair(text) {
    const strict = tryParse(text);
    if (strict.kind === 'found')
        return strict;
    const repaired = repairJson(text);
    if (repaired.notes.length === 0)
        return strict;
    const second = tryParse(repaired.text);
    return second.kind === 'found' ? { ...second, notes: repaired.notes } : second;
}
/** The content of a text that is one code fence from its first line to its last; null otherwise. */
function insideFence(text) {
    const open = /^(`{3,}|~{3,})[^\n`]*\n/.exec(text);
    if (open === null)
        return null;
    const fence = open[1];
    if (!text.endsWith(fence) || text.length < open[0].length + fence.length)
        return null;
    return text.slice(open[0].length, text.length - fence.length).trim();
}
/**
 * Finds the one object (or else the one list) that stands in a text. What begins like JSON must be JSON to its end:
 * from a truncated or broken answer no inner piece is taken.
 */
function findInProse(text, reason) {
    const objects = [];
    const lists = [];
    let budget = text.length * SCAN_FACTOR;
    for (let at = nextOpening(text, 0); at !== -1; at = nextOpening(text, at)) {
        const promise = promiseAt(text, at);
        if (promise === 'none') {
            at++;
            continue;
        }
        const end = balancedEnd(text, at);
        if (objects.length + lists.length >= MAX_CANDIDATES)
            return none('it holds too many JSON values');
        budget -= (end ?? text.length) - at;
        if (budget < 0)
            return none('it holds too many brackets to find the JSON among them');
        const parsed = end === null ? none(reason) : parseOrRepair(text.slice(at, end));
        if (parsed.kind === 'found') {
            (parsed.value instanceof PyDict ? objects : lists).push({ start: at, end: end, ...parsed });
            at = end;
        }
        else if (promise === 'sure') {
            return objects.length === 0 && at === 0 && end === text.length
                ? parsed
                : none(broken(parsed.reason, end));
        }
        else {
            at++;
        }
    }
    const candidates = distinct(objects.length > 0 ? objects : lists);
    const only = candidates[0];
    if (only === undefined)
        return none(/^[{[]/.test(text) ? reason : 'it holds no JSON value');
    if (candidates.length > 1)
        return none(`it holds ${candidates.length} different JSON values, and one was asked for`);
    const alone = only.start === 0 && only.end === text.length;
    const notes = alone ? only.notes : ['took the JSON out of the text around it', ...only.notes];
    return { kind: 'found', value: only.value, notes };
}
function broken(reason, end) {
    return end === null ? 'the JSON breaks off before it is complete' : `the JSON in it is broken: ${reason}`;
}
function nextOpening(text, from) {
    const opening = /[{[]/g;
    opening.lastIndex = from;
    return opening.exec(text)?.index ?? -1;
}
/** How much a bracket looks like the start of JSON: `{"` surely, `[1` perhaps (a footnote?), `{x` not. */
function promiseAt(text, at) {
    const next = /[^ \n\r\t]/g;
    next.lastIndex = at + 1;
    const char = next.exec(text)?.[0] ?? '';
    if (text[at] === '{')
        return char === '"' ? 'sure' : char === '}' ? 'perhaps' : 'none';
    if (char === '{' || (at === 0 && (char === '"' || char === '[')))
        return 'sure';
    return /["[\]0-9+tfn-]/.test(char) ? 'perhaps' : 'none';
}
/** The position after the bracket that closes the one at `start`, or null when there is none. */
function balancedEnd(text, start) {
    const open = [];
    for (let i = start; i < text.length; i++) {
        const char = text[i];
        if (char === '"')
            i = stringEnd(text, i) - 1;
        else if (char === '{')
            open.push('}');
        else if (char === '[')
            open.push(']');
        else if (char === '}' || char === ']') {
            if (open.pop() !== char)
                return null;
            if (open.length === 0)
                return i + 1;
        }
    }
    return null;
}
/** Empty objects and lists count only when there is nothing else; equal values count once. */
function distinct(candidates) {
    const full = candidates.filter(({ value }) => !isEmpty(value));
    const byText = new Map();
    for (const candidate of full.length > 0 ? full : candidates) {
        const text = canonicalJson(candidate.value);
        if (!byText.has(text))
            byText.set(text, candidate);
    }
    return [...byText.values()];
}
function isEmpty(value) {
    return ((value instanceof PyDict && value.entries.size === 0) || (value instanceof PyList && value.length === 0));
}

;// CONCATENATED MODULE: ./build/validation/rules.js
// The checks of a step beyond its schema: required, types, enums, ranges and rules. They see values as they are now,
// after coercion; an expression that fails inside a rule is an issue of that rule, never a crash.











/** Compiles a step's checks. Throws ExpressionSyntaxError for a rule and JsonError for an enum value. */
function compileChecks(checks) {
    const enums = Object.entries(checks.enums).map(([name, texts]) => [name, texts.map((text) => parseJson(text))]);
    const types = Object.entries(checks.types);
    const ranges = Object.entries(checks.ranges);
    const rules = checks.rules.map((rule) => ({
        rule,
        when: rule.when === null ? null : expression_compileExpression(rule.when),
        expression: expression_compileExpression(rule.expr),
    }));
    return {
        empty: checks.required.length + types.length + enums.length + ranges.length + rules.length === 0,
        guide: guideOf(checks, enums),
        check(fields, own, evaluation, before) {
            const errors = [...before];
            const warnings = [];
            for (const name of checks.required) {
                if (!own.has(name))
                    errors.push({ path: '', rule: 'required', message: `${show(name)} is missing` });
            }
            checkEach(fields, types, 'types', typeProblem, errors);
            checkEach(fields, enums, 'enums', enumProblem, errors);
            checkEach(fields, ranges, 'ranges', rangeProblem, errors);
            const broken = errors.length > 0;
            for (const rule of rules) {
                const problem = ruleProblem(rule, fields, evaluation);
                if (problem === null || (problem.kind === 'unknown' && broken))
                    continue;
                const found = rule.rule.level === 'warning' ? warnings : errors;
                found.push({ path: '', rule: rule.rule.name, message: problem.message });
            }
            return { errors: withoutRepeats(errors), warnings };
        },
    };
}
function guideOf(checks, enums) {
    const guide = createNode('');
    const nodeFor = (name) => {
        const node = guide.properties.get(name) ?? createNode(`/${escapePointer(name)}`);
        guide.properties.set(name, node);
        return node;
    };
    for (const name of [...checks.required, ...Object.keys(checks.ranges)])
        nodeFor(name);
    for (const [name, type] of Object.entries(checks.types))
        nodeFor(name).types = [type];
    for (const [name, choices] of enums)
        nodeFor(name).choices = choices;
    return guide;
}
/** Holds each named field that is there against its demand. */
function checkEach(fields, demands, rule, problemOf, errors) {
    for (const [name, demand] of demands) {
        const value = fields.get(name);
        if (value === undefined)
            continue;
        const message = problemOf(value, demand);
        if (message !== null)
            errors.push({ path: `/${escapePointer(name)}`, rule, message });
    }
}
function typeProblem(value, type) {
    const actual = fieldTypeOf(value);
    if (actual !== null && typeAllowed(actual, [type]))
        return null;
    return `must be ${typeWord(type)}, but is ${show(value)}`;
}
/** The JSON type of any value; a tuple counts as a list. Null for what JSON has no type for. */
function fieldTypeOf(value) {
    if (value === null || typeof value !== 'object')
        return jsonTypeOf(value);
    if (value instanceof PyTuple)
        return 'array';
    return value instanceof PyFloat || value instanceof PyList || value instanceof PyDict
        ? jsonTypeOf(value)
        : null;
}
function enumProblem(value, choices) {
    const comparable = fieldTypeOf(value) === null || value instanceof PyTuple ? null : sameAs(value);
    if (comparable !== null && choices.some(comparable))
        return null;
    return `must be ${choices.length === 1 ? '' : 'one of '}${showChoices(choices)}, but is ${show(value)}`;
}
function sameAs(value) {
    if (typeof value === 'string') {
        const folded = foldCase(value);
        return (choice) => typeof choice === 'string' && foldCase(choice) === folded;
    }
    const text = canonicalJson(value);
    return (choice) => typeof choice !== 'string' && canonicalJson(choice) === text;
}
function rangeProblem(value, { min, max }) {
    const n = value instanceof PyFloat ? value.value : value;
    if (typeof n !== 'number' && typeof n !== 'bigint')
        return `must be a number, but is ${show(value)}`;
    // Written so that NaN, which compares as false with everything, never passes.
    const inside = (min === null || n >= min) && (max === null || n <= max) && !Number.isNaN(n);
    if (inside)
        return null;
    const limits = [min === null ? '' : `at least ${min}`, max === null ? '' : `at most ${max}`];
    const wanted = limits.filter((limit) => limit !== '').join(' and ');
    return `must be ${wanted === '' ? 'a number' : wanted}, but is ${show(value)}`;
}
function ruleProblem(rule, fields, evaluation) {
    try {
        if (rule.when !== null && !isTruthy(rule.when.evaluate(fields, evaluation)))
            return null;
        if (isTruthy(rule.expression.evaluate(fields, evaluation)))
            return null;
    }
    catch (error) {
        if (!(error instanceof ExpressionError))
            throw error;
        return { kind: 'unknown', message: shorten(`could not be evaluated: ${error}`, MAX_MESSAGE) };
    }
    const filled = fillPlaces(rule.rule.error, fields, evaluation);
    const message = filled === '' ? `does not hold: ${rule.rule.expr}` : filled;
    return { kind: 'broken', message: shorten(message, MAX_MESSAGE) };
}
/** A schema and the checks often ask for the same thing; it is said once. */
function withoutRepeats(issues) {
    const said = new Map();
    for (const issue of issues) {
        const key = `${issue.path}\n${issue.message}`;
        if (!said.has(key))
            said.set(key, issue);
    }
    return [...said.values()];
}
const MAX_MESSAGE = 500;
const MAX_PLACE = 200;
/** Fills `{field}` places as Python's `str.format` would; a place that cannot be filled stays as it is written. */
function fillPlaces(template, fields, evaluation) {
    return template.replace(/\{\{|\}\}|\{[^{}]*\}/g, (place) => {
        try {
            return shorten(formatTemplate(evaluation, place, [], fields), MAX_PLACE);
        }
        catch (error) {
            if (!(error instanceof ExpressionError))
                throw error;
            return place;
        }
    });
}

;// CONCATENATED MODULE: ./build/validation/schema.js
// From the text of a JSON Schema to something answers can be held against. An interpreter of our own, because schemas
// and answers are both untrusted: patterns run in linear time, every step costs fuel, nothing is fetched or generated.






const MAX_TEXT = 1_000_000;
// Compiling a pattern can cost 1 ms per ten characters.
const MAX_PATTERN_TEXT = 20_000;
/** Compiles a JSON Schema (2020-12 unless `$schema` names draft 4, 6, 7 or 2019-09). Throws SchemaError. */
function compileSchema(text) {
    if (text.length > MAX_TEXT) {
        throw new SchemaError(`the schema is longer than ${MAX_TEXT} characters`, '');
    }
    const compiler = new schema_Compiler(parseSchema(text));
    const root = compiler.compile();
    return {
        root,
        check(value) {
            const issues = [];
            const run = this.createRun(issues);
            try {
                run.check(root, value, null, null);
            }
            catch (error) {
                if (!(error instanceof OutOfSteps))
                    throw error;
                issues.push({ path: '', rule: 'limit', message: 'is too large or too deeply nested to be checked' });
            }
            return issues;
        },
        createRun: (issues) => new Run(compiler.tracks, issues),
    };
}
function parseSchema(text) {
    try {
        return parseJson(text);
    }
    catch (error) {
        if (!(error instanceof JsonError))
            throw error;
        const place = `line ${error.line}, column ${error.column}`;
        throw new SchemaError(`the schema is not JSON: ${error.message} at ${place}`, '');
    }
}
const DIALECTS = [
    [/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, '2020-12'],
    [/^https?:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/, '2019-09'],
    [/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/, '7'],
    [/^https?:\/\/json-schema\.org\/draft-06\/schema#?$/, '6'],
    [/^https?:\/\/json-schema\.org\/draft-04\/schema#?$/, '4'],
];
function draftOf(schema) {
    const dialect = schema instanceof PyDict ? dictGet(schema, '$schema') : undefined;
    if (dialect === undefined)
        return '2020-12';
    const known = DIALECTS.find(([pattern]) => typeof dialect === 'string' && pattern.test(dialect));
    if (known !== undefined)
        return known[1];
    throw new SchemaError(`"$schema" names ${show(dialect)}, which is not known; use https://json-schema.org/draft/2020-12/schema`, '/$schema');
}
/** Keywords whose argument holds schemas: one, a list of them, or a map of them. */
const HOLDS_SCHEMA = new Set([
    'additionalItems',
    'unevaluatedItems',
    'items',
    'contains',
    'additionalProperties',
    'unevaluatedProperties',
    'propertyNames',
    'not',
    'if',
    'then',
    'else',
]);
const HOLDS_LIST = new Set(['prefixItems', 'items', 'allOf', 'anyOf', 'oneOf']);
const HOLDS_MAP = new Set([
    '$defs',
    'definitions',
    'properties',
    'patternProperties',
    'dependentSchemas',
    'dependencies',
]);
const schema_KEYWORDS = [...VALUE_KEYWORDS, ...APPLICATORS];
// Where a schema without `$id` stands; references into other places are refused, so nobody sees it.
const NOWHERE = 'schema:/';
/** Compiles one document: finds its subschemas and names, then compiles each of them once. */
class schema_Compiler {
    /** True when some subschema asks what others have looked at. */
    tracks = false;
    document;
    draft;
    nodes = new Map();
    /** Base URI of each subschema, by JSON pointer. */
    bases = new Map();
    /** JSON pointers by absolute URI: of resources (no fragment) and of anchors (with fragment). */
    names = new Map();
    /** How many resources define a dynamic anchor. */
    dynamicAnchors = new Map();
    waiting = [];
    patternText = 0;
    constructor(document) {
        this.document = document;
        this.draft = draftOf(document);
    }
    compile() {
        this.names.set(NOWHERE, '');
        this.collect(this.document, '', NOWHERE);
        for (let next = this.waiting.pop(); next !== undefined; next = this.waiting.pop()) {
            this.fill(next.schema, next.node);
        }
        refuseLoops(this.nodes.values());
        return this.nodes.get('');
    }
    /** Registers a subschema and all below it. */
    collect(schema, pointer, base) {
        if (this.nodes.has(pointer))
            return;
        const node = createNode(pointer);
        this.nodes.set(pointer, node);
        if (typeof schema === 'boolean') {
            node.always = schema;
            return;
        }
        if (!(schema instanceof PyDict)) {
            throw new SchemaError(`a schema must be an object, true or false, but this is ${show(schema)}`, pointer);
        }
        const own = this.registerNames(schema, pointer, base);
        this.bases.set(pointer, own);
        this.waiting.push({ schema, node });
        for (const [key, argument] of dictEntries(schema)) {
            const keyword = String(key);
            const at = `${pointer}/${escapePointer(keyword)}`;
            if (argument instanceof PyList && HOLDS_LIST.has(keyword)) {
                for (let i = 0; i < argument.length; i++)
                    this.collect(argument.items[i], `${at}/${i}`, own);
            }
            else if (HOLDS_SCHEMA.has(keyword)) {
                this.collect(argument, at, own);
            }
            else if (HOLDS_MAP.has(keyword)) {
                if (!(argument instanceof PyDict))
                    throw new SchemaError(`"${keyword}" must be an object`, at);
                for (const [name, child] of dictEntries(argument)) {
                    if (keyword === 'dependencies' && child instanceof PyList)
                        continue;
                    this.collect(child, `${at}/${escapePointer(String(name))}`, own);
                }
            }
        }
    }
    /** Registers `$id` and anchors; returns the base URI inside this schema. */
    registerNames(schema, pointer, base) {
        if (isLegacy(this.draft) && dictGet(schema, '$ref') !== undefined)
            return base;
        let own = base;
        const id = dictGet(schema, this.draft === '4' ? 'id' : '$id');
        if (typeof id === 'string') {
            const url = parseUri(id, base, `${pointer}/$id`);
            if (url.hash.length > 1) {
                this.names.set(url.href, pointer);
            }
            else {
                url.hash = '';
                own = url.href;
                this.register(own, pointer);
            }
        }
        for (const keyword of ['$anchor', '$dynamicAnchor']) {
            const anchor = dictGet(schema, keyword);
            if (typeof anchor !== 'string')
                continue;
            this.register(`${own}#${anchor}`, pointer);
            if (keyword === '$dynamicAnchor')
                this.countDynamic(`#${anchor}`);
        }
        if (dictGet(schema, '$recursiveAnchor') === true)
            this.countDynamic('#');
        return own;
    }
    register(uri, pointer) {
        if (this.names.has(uri) && this.names.get(uri) !== pointer) {
            throw new SchemaError(`two schemas are called ${show(uri)}`, pointer);
        }
        this.names.set(uri, pointer);
    }
    countDynamic(reference) {
        this.dynamicAnchors.set(reference, (this.dynamicAnchors.get(reference) ?? 0) + 1);
    }
    fill(schema, node) {
        const alone = isLegacy(this.draft) && dictGet(schema, '$ref') !== undefined;
        for (const [keyword, compile] of schema_KEYWORDS) {
            const argument = dictGet(schema, keyword);
            if (argument === undefined || (alone && keyword !== '$ref'))
                continue;
            if (keyword.startsWith('unevaluated'))
                this.tracks = true;
            compile(argument, this.siteOf(schema, node, keyword));
        }
    }
    siteOf(schema, node, keyword) {
        const pointer = `${node.pointer}/${escapePointer(keyword)}`;
        return {
            draft: this.draft,
            schema,
            node,
            keyword,
            pointer,
            child: (at) => this.nodeAt(at, pointer),
            resolve: (reference) => this.resolve(reference, keyword, this.bases.get(node.pointer), pointer),
            pattern: (source, at) => this.compilePattern(source, at),
        };
    }
    nodeAt(pointer, asker) {
        const node = this.nodes.get(pointer);
        if (node !== undefined)
            return node;
        throw new SchemaError('a schema was expected here: an object, true or false', asker);
    }
    compilePattern(source, pointer) {
        this.patternText += source.length;
        if (this.patternText > MAX_PATTERN_TEXT) {
            throw new SchemaError(`the patterns together are longer than ${MAX_PATTERN_TEXT} characters`, pointer);
        }
        return patternAt(source, pointer);
    }
    /** The subschema a reference leads to. Nothing outside the document is ever fetched. */
    resolve(reference, keyword, base, asker) {
        if (keyword !== '$ref' && (this.dynamicAnchors.get(reference.slice(reference.indexOf('#'))) ?? 0) > 1) {
            throw new SchemaError(`"${keyword}" could lead to several places; use "$ref"`, asker);
        }
        const url = parseUri(reference, base, asker);
        const fragment = url.hash.slice(1);
        url.hash = '';
        const named = this.names.get(fragment === '' ? url.href : `${url.href}#${fragment}`);
        if (named !== undefined)
            return this.nodeAt(named, asker);
        const resource = this.names.get(url.href);
        if (resource === undefined) {
            throw new SchemaError(`refers to ${show(reference)}, which is not in this schema; copy what it means under "$defs"`, asker);
        }
        const pointer = fragment.startsWith('/') ? resource + decodeFragment(fragment) : null;
        const target = pointer === null ? undefined : valueAt(this.document, pointer);
        if (pointer === null || target === undefined) {
            throw new SchemaError(`refers to ${show(reference)}, but there is nothing`, asker);
        }
        // A definition may stand under a name that is no keyword, such as `#/components/card`.
        this.collect(target, pointer, this.bases.get(resource) ?? base);
        return this.nodeAt(pointer, asker);
    }
}
function parseUri(reference, base, pointer) {
    try {
        return new URL(reference, base);
    }
    catch {
        throw new SchemaError(`${show(reference)} is not a valid reference`, pointer);
    }
}
function decodeFragment(fragment) {
    try {
        return decodeURIComponent(fragment);
    }
    catch {
        return fragment;
    }
}
function valueAt(document, pointer) {
    let value = document;
    for (const part of pointer.split('/').slice(1)) {
        const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
        if (value instanceof PyDict)
            value = dictGet(value, name);
        else if (value instanceof PyList && /^\d{1,9}$/.test(name))
            value = value.items[Number(name)];
        else
            return undefined;
    }
    return value;
}
/** Refuses a schema that applies itself to the same value for ever, such as `{"$ref": "#"}`. */
function refuseLoops(nodes) {
    // Depth first with a stack of its own, for a chain of references may be as long as the schema.
    const open = new Set();
    const done = new Set();
    for (const start of nodes) {
        const path = [];
        const enter = (node) => {
            open.add(node);
            path.push({ node, next: 0 });
        };
        if (!done.has(start))
            enter(start);
        for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
            const next = top.node.inPlace[top.next++];
            if (next === undefined) {
                path.pop();
                open.delete(top.node);
                done.add(top.node);
            }
            else if (open.has(next)) {
                throw new SchemaError('this schema refers to itself without looking into the data', next.pointer);
            }
            else if (!done.has(next)) {
                enter(next);
            }
        }
    }
}

;// CONCATENATED MODULE: ./build/validation/validator.js









/**
 * Compiles the checks of a step. A step with neither schema nor checks takes free text: an answer that holds no JSON
 * object then becomes the field `response`, unless it is empty. Throws SchemaError, or ExpressionSyntaxError for a rule.
 */
function compileValidator({ step, schema: text, checks: plain }) {
    const schema = text === null ? null : compileSchema(text);
    if (schema?.root.types && !typeAllowed('object', schema.root.types)) {
        throw new SchemaError('an answer becomes named fields, so its schema must allow an object', '/type');
    }
    const checks = compileChecks(plain);
    const fail = (kind, issues, raw) => ({
        kind: 'failed',
        failure: { kind, step, issues: issues.slice(0, MAX_ISSUES), raw },
    });
    return {
        check(answer, fields, evaluation) {
            const readable = answer.trim() !== '' && answer.length <= MAX_ANSWER;
            const freeText = readable && schema === null && checks.empty;
            const extraction = extractJson(answer);
            const found = extraction.kind === 'found' ? extraction.value : null;
            if (freeText && (!(found instanceof PyDict) || isHollow(found, answer))) {
                return { kind: 'valid', values: new Map([['response', answer]]), warnings: [], notes: [] };
            }
            if (extraction.kind === 'none') {
                const message = `The answer is not JSON: ${extraction.reason}.`;
                return fail('malformed', [{ path: '', rule: 'json', message }], answer);
            }
            const coercion = coerceAnswer(extraction.value, schema, checks);
            if (!(coercion.value instanceof PyDict)) {
                const message = `must be a JSON object, but is ${show(coercion.value)}`;
                return fail('invalid', [{ path: '', rule: 'object', message }], answer);
            }
            const { values, names, dropped } = validator_fieldsOf(coercion.value);
            const schemaIssues = schema === null ? [] : schema.check(coercion.value);
            const findings = checks.check(validator_over(fields, values), names, evaluation, schemaIssues);
            if (findings.errors.length > 0)
                return fail('invalid', findings.errors, answer);
            const notes = [...extraction.notes, ...coercion.notes];
            if (dropped.length > 0)
                notes.push(`left out the names kept for the engine: ${dropped.join(', ')}`);
            return { kind: 'valid', values, warnings: findings.warnings, notes };
        },
        checkFields(values, fields, evaluation) {
            const all = validator_over(fields, values);
            const findings = checks.check(all, new Set(all.keys()), evaluation, []);
            if (findings.errors.length > 0)
                return fail('invalid', findings.errors, null);
            return { kind: 'valid', values: new Map(values), warnings: findings.warnings, notes: [] };
        },
    };
}
function coerceAnswer(value, schema, checks) {
    if (schema === null)
        return coerce(value, [checks.guide], new Run(false, null));
    return coerce(value, [schema.root, checks.guide], schema.createRun(null));
}
/** `{}` found somewhere in prose says nothing, so the prose is the answer. */
function isHollow(found, answer) {
    return found.entries.size === 0 && answer.trim() !== '{}';
}
/** True for names an answer may not set: the unit's identity and whatever is internal. */
function isReserved(name) {
    return name === 'unit_id' || name.startsWith('_');
}
function validator_fieldsOf(answer) {
    const values = new Map();
    const names = new Set();
    const dropped = [];
    for (const [key, value] of dictEntries(answer)) {
        const name = String(key);
        names.add(name);
        if (isReserved(name))
            dropped.push(show(name));
        else
            values.set(name, value);
    }
    return { values, names, dropped };
}
function validator_over(fields, values) {
    const merged = new Map(fields);
    for (const [name, value] of values)
        merged.set(name, value);
    return merged;
}

;// CONCATENATED MODULE: ./build/engine/answer-chunk.js
// The answers of one step for a chunk of units, as text in and text out: extracted, coerced and validated. It knows
// neither requests nor retries, and sees only answers that are a text.




/** What the answers of a step are held against. */
function answerWork(pipeline, step) {
    const { seed, rng, repeat } = pipeline;
    const { name, schema, checks } = step;
    return { step: name, repeats: repeat > 1, seed, rng, schema, checks };
}
/** Compiles a step's checks into a function of an answered unit. Throws SchemaError and ExpressionSyntaxError. */
function compileAnswers(work) {
    const validator = compileValidator(work);
    return ({ id, fields, answer }) => {
        const random = openUnitStream(work, { id, repeats: work.repeats }, work.step, 'rules');
        const verdict = validator.check(answer, fieldsFromJson(fields), createEvaluation({ random }));
        if (verdict.kind === 'failed')
            return verdict;
        return { kind: 'valid', fields: fieldsToJson(verdict.values), warnings: verdict.warnings };
    };
}

;// CONCATENATED MODULE: ./build/engine/outcome-line.js
/** Writes an outcome line, without its line end. */
function formatOutcome(head, columns) {
    return [JSON.stringify(head), ...columns].join('\t');
}
/** Reads an outcome line written by `formatOutcome`. */
function parseOutcome(line) {
    const [head, ...columns] = line.split('\t');
    return { head: JSON.parse(head), columns };
}
/** The unit index of an outcome line, without parsing the rest. */
function unitOfLine(line) {
    return Number.parseInt(line.slice('{"unit":'.length, '{"unit":'.length + 16), 10);
}
/** Joins JSON object texts into one; a later value of the same name wins when the text is read. */
function joinObjects(texts) {
    const parts = [];
    for (const text of texts) {
        const inner = text.slice(1, -1);
        if (inner !== '')
            parts.push(inner);
    }
    return `{${parts.join(',')}}`;
}

;// CONCATENATED MODULE: ./build/engine/outcome-chunk.js

const utf8 = new TextEncoder();
/** Gathers the lines of units in their order. */
class LineGatherer {
    steps;
    attempt;
    lines = [];
    notes = [];
    constructor({ steps, attempt }) {
        this.steps = steps;
        this.attempt = attempt;
    }
    /** Adds a unit that came out this way. */
    add({ unit, id }, outcome) {
        const { attempt } = this;
        const done = outcome.kind === 'done' ? outcome.steps : outcome.done;
        const loops = done.map((one, column) => this.steps[column].loopUntil === null ? null : { iterations: one.iterations, capped: one.timedOut });
        const failure = outcome.kind === 'failed' ? outcome.failure : null;
        const warnings = done.flatMap((one) => one.warnings);
        const head = { unit, id, attempt, failure, warnings, loops };
        const columns = done.map((one) => one.fields);
        this.lines.push(`${formatOutcome(head, columns)}\n`);
        const capped = done.flatMap((one, column) => (one.timedOut ? [column] : []));
        if (failure === null && capped.length === 0)
            return;
        this.notes.push({
            unit,
            capped,
            stopped: failure === null ? null : { column: done.length, failure },
        });
    }
    /** All that was added. */
    gathered() {
        return { pieces: [utf8.encode(this.lines.join(''))], notes: this.notes };
    }
}
/**
 * Units as one text, a line each: to another thread a text travels far more cheaply than objects. JSON text holds neither
 * tabs nor line ends.
 */
function packUnits(units) {
    return units.map(({ unit, id, fields }) => `${unit}\t${JSON.stringify(id)}\t${fields}`).join('\n');
}
/** Units of a text by `packUnits`. */
function unpackUnits(text) {
    return text.split('\n').map((line) => {
        const [unit = '', id = '', fields = ''] = line.split('\t');
        return { unit: Number(unit), id: JSON.parse(id), fields };
    });
}

;// CONCATENATED MODULE: ./build/template/source.js
// A template's text with its line ends normalised, and the positions in it that people are told.
// It refuses to interpret: offsets in, lines and columns out.
/** Normalises line ends, as Jinja does before it reads a template. */
function templateSource(name, text) {
    return { name, text: text.replace(/\r\n|\r/g, '\n') };
}
/** The line and column of an offset; walks the text, so it is for errors only. */
function positionAt(source, offset) {
    let line = 1;
    let lineStart = 0;
    for (let end = source.text.indexOf('\n'); end >= 0 && end < offset; end = source.text.indexOf('\n', lineStart)) {
        line++;
        lineStart = end + 1;
    }
    const column = Array.from(source.text.slice(lineStart, offset)).length + 1;
    return { line, column };
}

;// CONCATENATED MODULE: ./build/template/error.js
// The one error this folder throws at people: what is wrong, in which template, at which line and column.
// It refuses to be a bug report: anything that is not a person's mistake stays an ordinary exception.

/** A mistake in a template, or one met while rendering it. */
class TemplateError extends Error {
    /** Python's class for it: `TemplateSyntaxError`, `UndefinedError`, `TypeError`, `LimitError`, ... */
    type;
    /** The name of the template in which it happened. */
    template;
    /** From 1. */
    line;
    /** From 1, in code points. */
    column;
    /** The text of the expression that failed, or null when no single expression did. */
    expression;
    constructor(type, message, at) {
        super(message);
        this.name = 'TemplateError';
        this.type = type;
        this.template = at.template;
        this.line = at.line;
        this.column = at.column;
        this.expression = at.expression;
    }
}
/** An error at an offset of a template, with the expression's text when `end` is given. */
function templateErrorAt(type, message, source, start, end = null) {
    const expression = end === null ? null : source.text.slice(start, end);
    return new TemplateError(type, message, {
        template: source.name,
        ...positionAt(source, start),
        expression,
    });
}

;// CONCATENATED MODULE: ./build/template/objects.js
// The values that exist only inside templates: undefined, loop, namespace, macro and their like.
// Each shows the attributes listed here and nothing else.




/**
 * A value that is not there. Reading one is no error; using it is, except where Jinja says otherwise (`is defined`,
 * `default`). A lenient one prints as nothing and is false: what an inline if without else gives.
 */
class Undefined extends PyHost {
    typeName = 'Undefined';
    reason;
    lenient;
    constructor(reason, lenient = false) {
        super();
        this.reason = reason;
        this.lenient = lenient;
    }
    /** Throws the UndefinedError that says what is missing. */
    fail() {
        errors_raise('UndefinedError', this.reason);
    }
    attribute() {
        this.fail();
    }
    text() {
        return 'Undefined';
    }
    items() {
        return this.lenient ? [].values() : this.fail();
    }
    call() {
        this.fail();
    }
}
/** An undefined name. */
function undefinedName(name) {
    return new Undefined(`'${name}' is undefined`);
}
/** The value itself, unless it is undefined, which is an error. */
function defined(value) {
    return value instanceof Undefined ? value.fail() : value;
}
/** Text that `escape` has already been through; it behaves as its text does, but is not escaped again. */
class Markup extends PyHost {
    typeName = 'Markup';
    content;
    constructor(content) {
        super();
        this.content = content;
    }
    attribute() {
        return undefined;
    }
    items() {
        return this.content[Symbol.iterator]();
    }
    text() {
        return `Markup(${textRepr(this.content)})`;
    }
}
/** One group of `groupby`: a pair whose parts also have names. */
class Group extends PyTuple {
    attribute(name) {
        if (name === 'grouper')
            return this.items[0];
        return name === 'list' ? this.items[1] : undefined;
    }
}
/** `loop` inside a `for`: where in the items we are. */
class Loop extends PyHost {
    typeName = 'jinja2.runtime.LoopContext';
    values;
    depth;
    recurse;
    evaluation;
    lastChanged = null;
    /** Index of the current item, from 0. */
    index = 0;
    constructor(evaluation, values, depth, recurse) {
        super();
        this.evaluation = evaluation;
        this.values = values;
        this.depth = depth;
        this.recurse = recurse;
    }
    attribute(name) {
        const { index, values } = this;
        switch (name) {
            case 'index':
                return index + 1;
            case 'index0':
                return index;
            case 'revindex':
                return values.length - index;
            case 'revindex0':
                return values.length - index - 1;
            case 'first':
                return index === 0;
            case 'last':
                return index === values.length - 1;
            case 'length':
                return values.length;
            case 'depth':
                return this.depth + 1;
            case 'depth0':
                return this.depth;
            case 'previtem':
                return index > 0 ? values[index - 1] : new Undefined('there is no previous item');
            case 'nextitem':
                return index + 1 < values.length ? values[index + 1] : new Undefined('there is no next item');
            case 'cycle':
                return new PyFunction('cycle', (_, positional) => this.cycle(positional));
            case 'changed':
                return new PyFunction('changed', (_, positional) => this.changed(positional));
            default:
                return undefined;
        }
    }
    cycle(positional) {
        if (positional.length === 0)
            errors_raise('TypeError', 'no items for cycling given');
        return positional[this.index % positional.length];
    }
    changed(positional) {
        const now = new PyTuple(positional);
        const changed = this.lastChanged === null || !equals(this.evaluation, this.lastChanged, now);
        if (changed)
            this.lastChanged = now;
        return changed;
    }
    call(_evaluation, positional) {
        if (this.recurse === null) {
            errors_raise('TypeError', "The loop must have the 'recursive' marker to be called recursively.");
        }
        if (positional.length !== 1)
            errors_raise('TypeError', `loop() takes 1 argument but ${positional.length} were given`);
        return this.recurse(positional[0], this.depth + 1);
    }
    text() {
        return `<LoopContext ${this.index + 1}/${this.values.length}>`;
    }
}
/** `namespace(...)`: the one thing whose attributes a template may set. */
class Namespace extends PyHost {
    typeName = 'jinja2.utils.Namespace';
    fields;
    constructor(fields) {
        super();
        this.fields = fields;
    }
    attribute(name) {
        return this.fields.get(name);
    }
    text() {
        errors_raise('TypeError', 'a namespace has no text; print its attributes');
    }
}
/** `cycler(...)`: goes round its items, one at each `next()`. */
class Cycler extends PyHost {
    typeName = 'jinja2.utils.Cycler';
    values;
    position = 0;
    constructor(values) {
        super();
        if (values.length === 0)
            errors_raise('RuntimeError', 'at least one item has to be provided');
        this.values = values;
    }
    attribute(name) {
        switch (name) {
            case 'current':
                return this.values[this.position];
            case 'next':
                return new PyFunction('next', () => this.next());
            case 'reset':
                return new PyFunction('reset', () => {
                    this.position = 0;
                    return null;
                });
            default:
                return undefined;
        }
    }
    next() {
        const value = this.values[this.position];
        this.position = (this.position + 1) % this.values.length;
        return value;
    }
    text() {
        errors_raise('TypeError', 'a cycler has no text; print its current item');
    }
}
/** A macro, or the body of a call block. */
class Macro extends PyHost {
    typeName = 'jinja2.runtime.Macro';
    shape;
    run;
    constructor(shape, run) {
        super();
        this.shape = shape;
        this.run = run;
    }
    attribute(name) {
        switch (name) {
            case 'name':
                return this.shape.name;
            case 'arguments':
                return new PyTuple(this.shape.parameters);
            case 'catch_kwargs':
                return this.shape.usesKwargs;
            case 'catch_varargs':
                return this.shape.usesVarargs;
            case 'caller':
                return this.shape.usesCaller;
            default:
                return undefined;
        }
    }
    call(_evaluation, positional, named) {
        const { parameters, usesCaller, usesKwargs, usesVarargs } = this.shape;
        const rest = new Map(named);
        const values = parameters.map((parameter, i) => {
            if (i < positional.length)
                return positional[i];
            const value = rest.get(parameter);
            rest.delete(parameter);
            return value;
        });
        let caller = new Undefined('No caller defined');
        if (usesCaller) {
            // A caller of None counts as none given.
            caller = rest.get('caller') ?? caller;
            rest.delete('caller');
        }
        const [unexpected] = rest.keys();
        if (unexpected !== undefined && !usesKwargs) {
            errors_raise('TypeError', unexpected === 'caller' && parameters.includes('caller')
                ? `macro ${this.label()} was invoked with two values for the special caller argument. This is most likely a bug.`
                : `macro ${this.label()} takes no keyword argument '${unexpected}'`);
        }
        if (positional.length > parameters.length && !usesVarargs) {
            errors_raise('TypeError', `macro ${this.label()} takes not more than ${parameters.length} argument(s)`);
        }
        const varargs = new PyTuple(positional.slice(parameters.length));
        return this.run(values, { caller, kwargs: values_dictOf(rest), varargs });
    }
    label() {
        return this.shape.name === null ? 'None' : `'${this.shape.name}'`;
    }
    text() {
        return `<Macro ${this.shape.name === null ? 'anonymous' : this.label()}>`;
    }
}
/** An imported template: its top-level names as attributes, its output as text. */
class TemplateModule extends PyHost {
    typeName = 'jinja2.environment.TemplateModule';
    output;
    name;
    exported;
    constructor(name, output, exported) {
        super();
        this.name = name;
        this.output = output;
        this.exported = exported;
    }
    attribute(name) {
        return this.exported.get(name);
    }
    text() {
        return `<TemplateModule '${this.name}'>`;
    }
}
/** `self.title` and `super`: one block, which is rendered when called. */
class BlockReference extends PyHost {
    typeName = 'jinja2.runtime.BlockReference';
    name;
    levels;
    level;
    render;
    constructor(name, levels, level, render) {
        super();
        this.name = name;
        this.levels = levels;
        this.level = level;
        this.render = render;
    }
    attribute(name) {
        return name === 'super' ? blockAt(this.name, this.levels, this.level + 1, this.render) : undefined;
    }
    call() {
        return this.render(this.level);
    }
    text() {
        errors_raise('TypeError', `block '${this.name}' has no text; call it`);
    }
}
/** The block at a level, or an undefined that says there is none. */
function blockAt(name, levels, level, render) {
    if (level >= levels)
        return new Undefined(`there is no parent block called '${name}'.`);
    return new BlockReference(name, levels, level, render);
}
/** `self`: the blocks of the template that is rendered. */
class TemplateReference extends PyHost {
    typeName = 'jinja2.runtime.TemplateReference';
    block;
    constructor(block) {
        super();
        this.block = block;
    }
    attribute(name) {
        return this.block(name);
    }
    text() {
        errors_raise('TypeError', 'self has no text; call one of its blocks');
    }
}

;// CONCATENATED MODULE: ./build/template/text.js
// How values of a template become text and truth, and how escaped text behaves among plain text.
// It refuses to escape on its own: prompts are plain text.





/** What `{{ value }}` prints. */
function toText(evaluation, value) {
    if (typeof value === 'string')
        return value;
    if (value instanceof Markup)
        return value.content;
    if (value instanceof Undefined)
        return value.lenient ? '' : value.fail();
    if (value instanceof TemplateModule)
        return value.output;
    return pyStr(evaluation, value);
}
/** What `{% if value %}` takes it for. */
function isTrue(value) {
    if (value instanceof Undefined)
        return value.lenient ? false : value.fail();
    if (value instanceof Markup)
        return value.content !== '';
    return isTruthy(value);
}
/** The value as operators and functions take it: escaped text is text, undefined is an error. */
function operand(value) {
    return value instanceof Markup ? value.content : defined(value);
}
/** An argument, or what stands for it when it was not given; None was given. */
function given(argument, fallback) {
    return argument === undefined ? fallback : argument;
}
/** An argument taken for true or false. */
function flag(argument, fallback) {
    return argument === undefined ? fallback : isTrue(argument);
}
/** `a + b`: escaped text stays escaped, and what is added to it is escaped. */
function addValues(evaluation, a, b) {
    if (!(a instanceof Markup || b instanceof Markup))
        return add(evaluation, defined(a), defined(b));
    const left = escapedText(evaluation, a);
    const right = escapedText(evaluation, b);
    if (left === null || right === null)
        return add(evaluation, operand(a), operand(b));
    admitText(evaluation, left.length + right.length);
    return new Markup(left + right);
}
function escapedText(evaluation, value) {
    if (value instanceof Markup)
        return value.content;
    return typeof value === 'string' ? escapeMarkup(evaluation, value) : null;
}
const ENTITIES = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    "'": '&#39;',
    '"': '&#34;',
};
/** Replaces the five characters that mean something in HTML. */
function escapeMarkup(evaluation, text) {
    spend(evaluation, text.length);
    const escaped = text.replace(/[&<>'"]/g, (character) => ENTITIES[character]);
    admitText(evaluation, escaped.length);
    return escaped;
}
/** `a ~ b`. */
function concatenate(evaluation, values) {
    let text = '';
    spend(evaluation, values.length);
    for (const value of values) {
        text += toText(evaluation, value);
        if (text.length > 1024)
            admitText(evaluation, text.length);
    }
    return text;
}

;// CONCATENATED MODULE: ./build/template/access.js
// What `a.b`, `a['b']` and `a(b)` reach: items of dicts and lists, methods of the language's types, the attributes of
// template objects. Never a property of a JavaScript object.










/** The methods that change a list, dict or set in place. */
const MUTATORS = new Set([
    ...[
        'append',
        'extend',
        'insert',
        'pop',
        'remove',
        'clear',
        'sort',
        'reverse',
        'update',
        'setdefault',
        'popitem',
    ],
    ...['add', 'discard', 'difference_update', 'intersection_update', 'symmetric_difference_update'],
]);
/** True for the name of a method that changes its object. */
function isMutator(name) {
    return MUTATORS.has(name);
}
/** `value.name`: an attribute if there is one, else an item of that key, else undefined. */
function access_getAttribute(evaluation, value, name) {
    const attribute = attributeOf(evaluation, value, name);
    if (attribute !== undefined)
        return attribute;
    const item = value instanceof PyDict ? dictGet(value, name) : undefined;
    return item === undefined ? access_missing(evaluation, value, name) : item;
}
/** `value[index]`: an item if there is one, else an attribute of that name, else undefined. */
function access_getItem(evaluation, value, index) {
    if (value instanceof Undefined)
        return value.fail();
    // Only a dict looks at its key, by hashing it; to anything else an undefined index is one more that does not fit.
    if (index instanceof Undefined && !(value instanceof PyDict))
        return access_missing(evaluation, value, index);
    const key = operand(index);
    if (value instanceof PyDict && typeof key === 'string') {
        const item = dictGet(value, key);
        if (item !== undefined)
            return item;
    }
    else if (!(value instanceof PyHost) || value instanceof Markup) {
        const item = itemOf(evaluation, operand(value), key);
        if (item !== undefined)
            return item;
    }
    // Changing an object takes its method's plain name: only then is the object known to be the template's own copy.
    const attribute = typeof key === 'string' && !isMutator(key) ? attributeOf(evaluation, value, key) : undefined;
    return attribute === undefined ? access_missing(evaluation, value, key) : attribute;
}
/** The attribute of that name, or undefined; items are not looked at. */
function attributeOf(evaluation, value, name) {
    if (value instanceof Undefined)
        return value.fail();
    const part = value instanceof Group ? value.attribute(name) : undefined;
    if (part !== undefined)
        return part;
    return findAttribute(evaluation, operand(value), name);
}
function itemOf(evaluation, value, key) {
    try {
        return getItem(evaluation, value, key);
    }
    catch (error) {
        const absent = error instanceof ExpressionError &&
            (error.type === 'KeyError' || error.type === 'IndexError' || error.type === 'TypeError');
        // A slice is Python's own; what it cannot do is an error and not a missing item.
        if (!absent || key instanceof PySlice)
            throw error;
        return undefined;
    }
}
/** The undefined value that says what was looked for and where. */
function access_missing(evaluation, value, key) {
    const owner = value === null ? 'None' : `${typeName(value)} object`;
    return new Undefined(typeof key === 'string'
        ? `'${owner}' has no attribute '${key}'`
        : `${owner} has no element ${pyRepr(evaluation, key)}`);
}
/** Calls a value: a function, a method, a macro. */
function callValue(evaluation, callee, positional, named) {
    if (callee instanceof PyFunction && positional.some((value) => value instanceof Markup)) {
        positional = positional.map((value) => (value instanceof Markup ? value.content : value));
    }
    return callFunction(evaluation, callee, positional, named);
}
/** `value.name(...)` for the filters that are methods. */
function access_callMethod(evaluation, value, name, args) {
    return callMethod(evaluation, value, name, args);
}
/** The items from last to first. Throws TypeError for what has no order or can be gone through only once. */
function access_reversed(evaluation, value) {
    if (typeof value === 'string') {
        admitItems(evaluation, value.length);
        return characters(value).reverse();
    }
    if (value instanceof PySet || value instanceof PyIterator || value instanceof PyHost) {
        errors_raise('TypeError', `'${typeName(value)}' object is not reversible`);
    }
    return toItems(evaluation, value).reverse();
}

;// CONCATENATED MODULE: ./build/template/globals.js
// The names every template has without being given them.
// `lipsum` is not here: it would draw random words.






const JOINER = signature('joiner(sep?)');
function joiner(separator) {
    let used = false;
    return new PyFunction('joiner', (_, positional) => {
        if (positional.length > 0)
            errors_raise('TypeError', 'a joiner is called without arguments');
        if (used)
            return separator;
        used = true;
        return '';
    });
}
function namespace(positional, named) {
    const fields = new Map();
    if (positional.length > 1)
        errors_raise('TypeError', `namespace() takes at most 1 argument (${positional.length} given)`);
    const [initial] = positional;
    if (initial !== undefined) {
        if (!(initial instanceof PyDict))
            errors_raise('TypeError', 'namespace() takes a dict or keywords');
        for (const [key, value] of dictEntries(initial))
            if (typeof key === 'string')
                fields.set(key, value);
    }
    for (const [name, value] of named ?? [])
        fields.set(name, value);
    return new Namespace(fields);
}
/** Functions by name; names of the context hide them. */
const GLOBALS = new Map([
    ['range', BUILTINS.get('range')],
    ['dict', BUILTINS.get('dict')],
    ['namespace', new PyFunction('namespace', (_, positional, named) => namespace(positional, named))],
    ['cycler', new PyFunction('cycler', (_, positional) => new Cycler(positional))],
    [
        'joiner',
        new PyFunction('joiner', (_, positional, named) => joiner(given(bind(JOINER, positional, named)[0], ', '))),
    ],
]);

;// CONCATENATED MODULE: ./build/template/runtime.js
// What exists while a template is rendered: contexts, scopes with their slots, the output and its cap.
// It refuses to know the syntax; the compiled closures move these things.



/** Text being rendered. Capped, because a loop writes faster than anyone can read. */
class Output {
    evaluation;
    text = '';
    constructor(evaluation) {
        this.evaluation = evaluation;
    }
    write(text) {
        spend(this.evaluation, 1 + (text.length >> 6));
        this.text += text;
        const limit = this.evaluation.limits.templateOutput;
        if (this.text.length > limit)
            raiseLimit(`template output of more than ${limit} characters`);
    }
}
/** The names one template sees, and what it hands on. */
class Context {
    rendering;
    given;
    /** Names set at the top level of the template. */
    own = new Map();
    /** Those of them that an importing template sees. */
    exported = new Set();
    /** Every version of each block, the most derived first. */
    blocks = new Map();
    constructor(rendering, given) {
        this.rendering = rendering;
        this.given = given;
    }
    resolve(name) {
        // None is a value, so `??` would not do.
        let value = this.own.get(name);
        if (value === undefined)
            value = this.given.get(name);
        return value === undefined ? GLOBALS.get(name) : value;
    }
    /** Adds the blocks of a template below those that are there. */
    addBlocks(program) {
        for (const [name, body] of program.blocks) {
            const versions = this.blocks.get(name);
            if (versions === undefined)
                this.blocks.set(name, [body]);
            else
                versions.push(body);
        }
    }
    /** A context for another template, or for a scoped block: this one's names and those given, as they are now. */
    derive(locals) {
        spend(this.rendering.evaluation, 1 + this.given.size + this.own.size);
        const names = new Map(this.given);
        for (const [name, value] of this.own)
            names.set(name, value);
        for (const [name, value] of locals)
            names.set(name, value);
        return new Context(this.rendering, names);
    }
    /** The names an importing template sees. */
    exports() {
        return new Map([...this.own].filter(([name]) => this.exported.has(name)));
    }
}
/** The slots of one frame while it runs; a slot that is `undefined` has no value yet. */
class runtime_Scope {
    slots;
    outer;
    run;
    constructor(slots, outer, run) {
        this.slots = slots;
        this.outer = outer;
        this.run = run;
    }
}
/** How a name of `symbols` is reached from a scope of that frame; the name must be known there. */
function compileRead(symbols, name) {
    const { hops, slot } = locate(symbols, name);
    if (hops === 0)
        return (scope) => scope.slots[slot];
    if (hops === 1)
        return (scope) => scope.outer.slots[slot];
    return (scope) => {
        let at = scope;
        for (let i = 0; i < hops; i++)
            at = at.outer;
        return at.slots[slot];
    };
}
/** How many frames out, and in which slot, a name lives. */
function locate(symbols, name) {
    const reference = symbols.find(name);
    if (reference === undefined)
        throw new Error(`the name ${name} was not analysed`);
    let hops = 0;
    for (let at = symbols; at !== null && at.layout !== reference.layout; at = at.parent)
        hops++;
    return { hops, slot: reference.slot };
}
/** Compiles how a frame is entered. Call it after everything in the frame was analysed. */
function compileEnter(symbols) {
    const fill = [];
    for (const [slot, load] of symbols.loads) {
        if (load.from === 'context') {
            const { name } = load;
            fill.push({ slot, read: (scope) => scope.run.context.resolve(name) });
        }
        else if (load.from === 'outer') {
            const { layout, slot: from } = load.reference;
            let hops = 0;
            for (let at = symbols; at !== null && at.layout !== layout; at = at.parent)
                hops++;
            fill.push({
                slot,
                read: (scope) => {
                    let at = scope;
                    for (let i = 0; i < hops; i++)
                        at = at.outer;
                    return at.slots[from];
                },
            });
        }
    }
    const size = symbols.layout.slots.size;
    return (outer, run) => {
        const scope = new runtime_Scope(new Array(size).fill(undefined), outer, run);
        for (const { slot, read } of fill)
            scope.slots[slot] = read(scope);
        return scope;
    };
}

;// CONCATENATED MODULE: ./build/template/compile-links.js
// Statements that reach other templates: extends, blocks, include, import.
// It refuses to read them itself: they come from the rendering.







/** The place of a block: the most derived version of it is written there. */
function compileBlockUse(tools, frame, statement) {
    const { name } = statement;
    const locals = statement.scoped ? tools.compileLocals(frame.symbols) : null;
    const write = tools.placed(statement, (scope, out) => {
        const { context, evaluation } = scope.run;
        const versions = context.blocks.get(name);
        if (statement.required && versions.length <= 1) {
            errors_raise('TemplateRuntimeError', `Required block '${name}' not found`);
        }
        let target = context;
        if (locals !== null) {
            target = context.derive(locals(scope));
            for (const [key, bodies] of context.blocks)
                target.blocks.set(key, bodies);
        }
        enter(evaluation);
        versions[0](target, out, 0);
        leave(evaluation);
    });
    return frame.top ? tools.unlessExtended(frame, write) : write;
}
/** `extends`: names the parent, which is rendered after this template has run. */
function compileExtends(tools, frame, statement) {
    if (!frame.top)
        tools.fail('cannot use extend from a non top-level scope', statement);
    const find = compileTemplate(tools, frame, statement.template, 'extends', true, false);
    return tools.placed(statement, (scope) => {
        const { run } = scope;
        if (run.parent !== null)
            errors_raise('TemplateRuntimeError', 'extended multiple times');
        run.parent = find(scope);
        run.context.addBlocks(run.parent);
    });
}
/** `include`: the other template is written in place. */
function compileInclude(tools, frame, statement) {
    const { withContext } = statement;
    const find = compileTemplate(tools, frame, statement.template, 'include', withContext, statement.ignoreMissing);
    const locals = tools.compileLocals(frame.symbols);
    return tools.placed(statement, (scope, out) => {
        const program = find(scope);
        if (program === null)
            return;
        const { context, evaluation } = scope.run;
        if (!withContext) {
            out.write(importModule(context, program, null).output);
            return;
        }
        enter(evaluation);
        program.render(startContext(context.derive(locals(scope)), program), out);
        leave(evaluation);
    });
}
/** `import ... as`: the other template as a value. */
function compileImport(tools, frame, statement) {
    const load = compileModule(tools, frame, statement);
    const assign = tools.compileAssign(frame, { ...statement, kind: 'name', name: statement.alias });
    return tools.placed(statement, (scope) => {
        assign(scope, load(scope));
        scope.run.context.exported.delete(statement.alias);
    });
}
/** `from ... import`: names of the other template. */
function compileFrom(tools, frame, statement) {
    const load = compileModule(tools, frame, statement);
    const names = statement.names.map(({ name, alias }) => ({
        name,
        alias,
        assign: tools.compileAssign(frame, { ...statement, kind: 'name', name: alias }),
    }));
    return tools.placed(statement, (scope) => {
        const { evaluation, context } = scope.run;
        const module = load(scope);
        for (const { name, alias, assign } of names) {
            const value = attributeOf(evaluation, module, name);
            const absent = `the template does not export the requested name '${name}'`;
            assign(scope, value === undefined ? new Undefined(absent) : value);
            context.exported.delete(alias);
        }
    });
}
/** Compiles the search for a template; it gives null only for one that may be missing. */
function compileTemplate(tools, frame, expression, kind, withContext, optional) {
    const literal = literalNames(expression);
    if (literal !== null) {
        const provided = () => frame.symbols.storedNames().keys();
        const several = expression.kind !== 'literal';
        tools.links.noteTemplate({ names: literal, several, span: expression, optional, withContext, provided });
    }
    // What another template does to its values is not known here.
    if (literal === null)
        tools.links.noteMutation();
    const evaluate = tools.expression(frame, expression);
    return (scope) => {
        const { rendering } = scope.run.context;
        const value = defined(evaluate(scope));
        const names = typeof value === 'string' ? [value] : toItems(rendering.evaluation, value);
        if (kind !== 'include' && typeof value !== 'string')
            errors_raise('TypeError', 'a template is named by a text');
        for (const name of names) {
            const program = rendering.load(toText(rendering.evaluation, name));
            if (program !== null)
                return program;
        }
        if (optional)
            return null;
        const wanted = names.map((name) => toText(rendering.evaluation, name)).join(', ');
        return errors_raise(typeof value === 'string' ? 'TemplateNotFound' : 'TemplatesNotFound', wanted);
    };
}
function compileModule(tools, frame, statement) {
    const find = compileTemplate(tools, frame, statement.template, 'import', statement.withContext, false);
    const locals = statement.withContext ? tools.compileLocals(frame.symbols) : null;
    return (scope) => importModule(scope.run.context, find(scope), locals === null ? null : locals(scope));
}
/** A context made ready for a template: with its blocks. */
function startContext(context, program) {
    context.addBlocks(program);
    return context;
}
/** Renders a template for its names. Without context it is rendered once and sees only the globals. */
function importModule(context, program, locals) {
    const { rendering } = context;
    const known = locals === null ? rendering.modules.get(program) : undefined;
    if (known !== undefined)
        return known;
    const inner = locals === null ? new Context(rendering, new Map()) : context.derive(locals);
    const out = new Output(rendering.evaluation);
    enter(rendering.evaluation);
    program.render(startContext(inner, program), out);
    leave(rendering.evaluation);
    const module = new TemplateModule(program.name, out.text, inner.exports());
    if (locals === null)
        rendering.modules.set(program, module);
    return module;
}
function literalNames(expression) {
    if (expression.kind === 'literal') {
        return expression.literal.type === 'string' ? [expression.literal.value] : null;
    }
    if (expression.kind !== 'list' && expression.kind !== 'tuple')
        return null;
    const names = expression.items.map(literalNames);
    return names.every((name) => name?.length === 1) ? names.flatMap((name) => name) : null;
}
/** A block as a value, from a level of the inheritance on. */
function referTo(context, name, level) {
    const versions = context.blocks.get(name);
    return blockAt(name, versions.length, level, (at) => {
        const { evaluation } = context.rendering;
        const out = new Output(evaluation);
        enter(evaluation);
        versions[at](context, out, at);
        leave(evaluation);
        return out.text;
    });
}

;// CONCATENATED MODULE: ./build/template/callable.js
// The shape of filters and tests: a name, a signature in Python's notation, and the work.
// It refuses to hold any filter itself.



/** One from its signature without the value, such as `join(d?, attribute?)`. */
function callable(text, run) {
    const target = signature(text);
    return {
        apply: (evaluation, value, positional, named) => run(evaluation, value, bind(target, positional, named)),
    };
}
/** A whole number argument. */
function wholeNumber(value, fallback) {
    if (value === undefined || value === null)
        return fallback;
    if (typeof value === 'boolean')
        return value ? 1 : 0;
    const number = toNumber(value);
    if (number === null || !Number.isInteger(number))
        errors_raise('TypeError', 'an integer is required');
    return number;
}

;// CONCATENATED MODULE: ./build/template/sequence-filters.js
// Filters over lists, dicts and anything else that can be gone through.
// Those that Python's Jinja makes lazy are lazy here, so that the same templates fail in the same places.












/** A lazy result, as Python's generators are. */
function lazily(items) {
    return new PyIterator(items, 'generator');
}
function lower(value) {
    if (value instanceof Markup)
        return value.content.toLowerCase();
    return typeof value === 'string' ? value.toLowerCase() : value;
}
/** The parts of `'a.b.0'`: names, and numbers for positions. */
function pathOf(attribute) {
    if (attribute === null)
        return [];
    if (typeof attribute !== 'string')
        return [attribute];
    return attribute.split('.').map((part) => (/^\p{Nd}+$/u.test(part) ? Number.parseInt(part, 10) : part));
}
function followPath(evaluation, item, path, fallback = null) {
    for (const part of path) {
        item = access_getItem(evaluation, item, part);
        if (fallback !== null && item instanceof Undefined)
            item = fallback;
    }
    return item;
}
function keyOf(attribute, caseSensitive, fallback = null) {
    const path = pathOf(attribute ?? null);
    return (evaluation, item) => {
        const key = followPath(evaluation, item, path, fallback);
        return caseSensitive ? key : lower(key);
    };
}
/** Sorts by keys and keeps the order of equal ones, also when reversed. */
function sortBy(evaluation, items, key, descending = false) {
    const rows = items.map((item) => ({ item, key: operand(key(evaluation, item)) }));
    const sign = descending ? -1 : 1;
    rows.sort((a, b) => {
        spend(evaluation, 1);
        if (compare(evaluation, '<', a.key, b.key))
            return -sign;
        return compare(evaluation, '<', b.key, a.key) ? sign : 0;
    });
    return rows.map((row) => row.item);
}
function sort(evaluation, value, [reverse, caseSensitive, attribute]) {
    const exact = flag(caseSensitive, false);
    const attributes = typeof attribute === 'string' ? attribute.split(',') : [attribute ?? null];
    const keys = attributes.map((name) => keyOf(name, exact));
    const key = (_, item) => new PyTuple(keys.map((part) => operand(part(evaluation, item))));
    return values_listOf(sortBy(evaluation, toItems(evaluation, value), key, flag(reverse, false)));
}
function dictSort(evaluation, value, [caseSensitive, by, reverse]) {
    const dict = operand(value);
    if (by !== undefined && by !== 'key' && by !== 'value') {
        errors_raise('FilterArgumentError', 'You can only sort by either "key" or "value"');
    }
    const index = by === 'value' ? 1 : 0;
    const pairs = toItems(evaluation, itemsOf(dict));
    const exact = flag(caseSensitive, false);
    const key = (_, pair) => {
        const part = pair.items[index];
        return exact ? part : lower(part);
    };
    return values_listOf(sortBy(evaluation, pairs, key, flag(reverse, false)));
}
function itemsOf(value) {
    if (value instanceof PyDict)
        return new PyView(value, 'items');
    return errors_raise('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
}
function* pairsOf(dict) {
    for (const pair of dictEntries(dict))
        yield new PyTuple(pair);
}
function* uniqueItems(evaluation, value, key) {
    const seen = new PySet();
    for (const item of iterate(value)) {
        spend(evaluation, 1);
        const itemKey = operand(key(evaluation, item));
        if (setHas(evaluation, seen, itemKey))
            continue;
        setAdd(evaluation, seen, itemKey);
        yield item;
    }
}
/** `min` and `max`. */
function sequence_filters_extreme(name) {
    return callable(`${name}(case_sensitive?, attribute?)`, (evaluation, value, [caseSensitive, attribute]) => {
        const key = keyOf(attribute, flag(caseSensitive, false));
        let best = null;
        for (const item of iterate(operand(value))) {
            spend(evaluation, 1);
            const itemKey = operand(key(evaluation, item));
            if (best === null || compare(evaluation, name === 'min' ? '<' : '>', itemKey, best.key)) {
                best = { item, key: itemKey };
            }
        }
        return best === null ? new Undefined('No aggregated item, sequence was empty.') : best.item;
    });
}
function sum(evaluation, value, [attribute, start]) {
    let total = given(start, 0);
    if (typeof total === 'string')
        errors_raise('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
    const path = pathOf(attribute ?? null);
    for (const item of iterate(value)) {
        spend(evaluation, 1);
        total = add(evaluation, total, operand(followPath(evaluation, item, path)));
    }
    return total;
}
function sequence_filters_join(evaluation, value, [separator, attribute]) {
    const between = toText(evaluation, given(separator, ''));
    const path = pathOf(attribute ?? null);
    let text = '';
    let first = true;
    for (const item of iterate(operand(value))) {
        spend(evaluation, 1);
        if (!first)
            text += between;
        first = false;
        text += toText(evaluation, followPath(evaluation, item, path));
        if (text.length > 1024)
            admitText(evaluation, text.length);
    }
    return text;
}
function* batches(evaluation, value, size, filler) {
    const count = wholeNumber(size, 0);
    let batch = [];
    for (const item of iterate(value)) {
        spend(evaluation, 1);
        if (batch.length === count) {
            yield values_listOf(batch);
            batch = [];
        }
        batch.push(item);
    }
    if (batch.length === 0)
        return;
    if (filler !== null && batch.length < count) {
        admitItems(evaluation, count);
        while (batch.length < count)
            batch.push(filler);
    }
    yield values_listOf(batch);
}
function* slices(evaluation, value, number, filler) {
    const items = toItems(evaluation, value);
    const count = wholeNumber(number, 0);
    if (count === 0)
        errors_raise('ZeroDivisionError', 'integer division or modulo by zero');
    const size = Math.floor(items.length / count);
    // Python's remainder takes the sign of the divisor; a negative count gives no slices at all.
    const longer = count > 0 ? items.length % count : 0;
    let offset = 0;
    for (let i = 0; i < count; i++) {
        spend(evaluation, 1);
        const start = offset + i * size;
        if (i < longer)
            offset++;
        const slice = items.slice(start, offset + (i + 1) * size);
        if (filler !== null && i >= longer)
            slice.push(filler);
        yield values_listOf(slice);
    }
}
function groupBy(evaluation, value, [attribute, fallback, caseSensitive]) {
    const exact = flag(caseSensitive, false);
    const key = keyOf(attribute, exact, fallback ?? null);
    const realKey = keyOf(attribute, true, fallback ?? null);
    const groups = [];
    for (const item of sortBy(evaluation, toItems(evaluation, value), key)) {
        // Two look-ups of the attribute and the sorting of its values, which may be texts.
        spend(evaluation, 50);
        const itemKey = operand(key(evaluation, item));
        const group = groups.at(-1);
        if (group !== undefined && equals(evaluation, group.key, itemKey))
            group.items.push(item);
        else
            groups.push({ key: itemKey, items: [item] });
    }
    return values_listOf(groups.map((group) => new Group([realKey(evaluation, group.items[0]), values_listOf(group.items)])));
}
/** `map`; needs the table of filters, which it is part of. */
function mapFilter(filters) {
    return {
        apply: (evaluation, value, positional, named) => {
            if (!isTrue(value))
                return lazily([].values());
            return lazily(sequence_filters_mapped(evaluation, value, mapper(filters(), positional, named)));
        },
    };
}
function* sequence_filters_mapped(evaluation, value, map) {
    for (const item of iterate(value)) {
        spend(evaluation, 1);
        yield map(evaluation, item);
    }
}
function mapper(filters, positional, named) {
    if (positional.length === 0 && named?.has('attribute')) {
        const unexpected = [...named.keys()].find((name) => name !== 'attribute' && name !== 'default');
        if (unexpected !== undefined)
            errors_raise('FilterArgumentError', `Unexpected keyword argument '${unexpected}'`);
        return keyOf(named.get('attribute'), true, named.get('default') ?? null);
    }
    const [name, ...rest] = positional;
    if (name === undefined)
        errors_raise('FilterArgumentError', 'map requires a filter argument');
    const filter = typeof name === 'string' ? filters.get(name) : undefined;
    if (filter === undefined)
        errors_raise('TemplateRuntimeError', `No filter named ${describeName(name)}.`);
    return (evaluation, item) => filter.apply(evaluation, item, rest, named);
}
function describeName(name) {
    return typeof name === 'string' ? `'${name}'` : `by a ${typeName(name)}; did you forget the quotes?`;
}
/** `select`, `reject`, `selectattr`, `rejectattr`. */
function selection(tests, options) {
    return {
        apply: (evaluation, value, positional, named) => {
            if (!isTrue(value))
                return lazily([].values());
            const [attribute, ...afterAttribute] = positional;
            if (options.byAttribute && attribute === undefined) {
                errors_raise('FilterArgumentError', 'Missing parameter for attribute name');
            }
            const key = options.byAttribute ? keyOf(attribute, true) : (_, item) => item;
            const holds = selector(tests(), options.byAttribute ? afterAttribute : positional, named);
            return lazily(selected(evaluation, value, (e, item) => holds(e, key(e, item)) === options.keep));
        },
    };
}
function selector(tests, positional, named) {
    const [name, ...rest] = positional;
    if (name === undefined)
        return (_, item) => isTrue(item);
    const test = typeof name === 'string' ? tests.get(name) : undefined;
    if (test === undefined)
        errors_raise('TemplateRuntimeError', `No test named ${describeName(name)}.`);
    return (evaluation, item) => test.apply(evaluation, item, rest, named);
}
function* selected(evaluation, value, wanted) {
    for (const item of iterate(value)) {
        spend(evaluation, 1);
        if (wanted(evaluation, item))
            yield item;
    }
}
function last(evaluation, value) {
    const items = access_reversed(evaluation, operand(value));
    return items.length === 0 ? new Undefined('No last item, sequence was empty.') : items[0];
}
function first(_evaluation, value) {
    const { done, value: item } = iterate(operand(value)).next();
    return done === true ? new Undefined('No first item, sequence was empty.') : item;
}
function reverse(evaluation, value) {
    const target = operand(value);
    if (typeof target === 'string')
        return access_reversed(evaluation, target).join('');
    if (!isIterable(target))
        errors_raise('FilterArgumentError', 'argument must be iterable');
    if (target instanceof PySet || target instanceof PyIterator)
        return values_listOf(toItems(evaluation, target).reverse());
    const name = target instanceof PyList
        ? 'list_reverseiterator'
        : target instanceof PyRange
            ? 'range_iterator'
            : 'reversed';
    return new PyIterator(access_reversed(evaluation, target).values(), name);
}
function random(evaluation, value) {
    const target = operand(value);
    const length = lengthOf(target);
    if (length === 0)
        return new Undefined('No random item, sequence was empty.');
    const { random: source } = evaluation;
    if (source === null)
        errors_raise('RuntimeError', 'no random numbers here: a template with random needs a stream');
    return access_getItem(evaluation, target, drawBelow(source, length));
}
/** Filters by name. */
const SEQUENCE_FILTERS = [
    ...['length', 'count'].map((name) => [name, callable(`${name}()`, (_, value) => lengthOf(operand(value)))]),
    ['list', callable('list()', (evaluation, value) => values_listOf(toItems(evaluation, operand(value))))],
    ['first', callable('first()', first)],
    ['last', callable('last()', last)],
    ['reverse', callable('reverse()', reverse)],
    ['random', callable('random()', random)],
    ['sort', callable('sort(reverse?, case_sensitive?, attribute?)', sort)],
    ['dictsort', callable('dictsort(case_sensitive?, by?, reverse?)', dictSort)],
    [
        'items',
        callable('items()', (_, value) => {
            if (value instanceof Undefined)
                return lazily([].values());
            if (!(value instanceof PyDict))
                errors_raise('TypeError', 'Can only get item pairs from a mapping.');
            return lazily(pairsOf(value));
        }),
    ],
    [
        'unique',
        callable('unique(case_sensitive?, attribute?)', (evaluation, value, [caseSensitive, attribute]) => lazily(uniqueItems(evaluation, operand(value), keyOf(attribute, flag(caseSensitive, false))))),
    ],
    ['min', sequence_filters_extreme('min')],
    ['max', sequence_filters_extreme('max')],
    ['sum', callable('sum(attribute?, start?)', sum)],
    ['join', callable('join(d?, attribute?)', sequence_filters_join)],
    [
        'batch',
        callable('batch(linecount, fill_with?)', (evaluation, value, [size, filler]) => lazily(batches(evaluation, operand(value), size, filler ?? null))),
    ],
    [
        'slice',
        callable('slice(slices, fill_with?)', (evaluation, value, [number, filler]) => lazily(slices(evaluation, operand(value), number, filler ?? null))),
    ],
    ['groupby', callable('groupby(attribute, default?, case_sensitive?)', groupBy)],
];

;// CONCATENATED MODULE: ./build/template/tests.js
// Every test by name: what can stand right of `is`.
// Tests for presence take undefined values as they are; all others treat them as errors.








/** A test of the value alone. */
function ofValue(name, holds) {
    return [name, callable(`${name}()`, (_, value) => holds(value))];
}
function divides(evaluation, value, by, rest) {
    return equals(evaluation, modulo(evaluation, operand(value), by), rest);
}
function caseTest(name, method) {
    return [
        name,
        callable(`${name}()`, (evaluation, value) => access_callMethod(evaluation, toText(evaluation, value), method, []) === true),
    ];
}
/** A test that is an operator, under all its names. */
function operator(names, holds) {
    const test = callable(`${names[0]}(other)`, (evaluation, value, [other]) => holds(evaluation, operand(value), operand(other)));
    return names.map((name) => [name, test]);
}
function order(names, sign) {
    return operator(names, (evaluation, a, b) => compare(evaluation, sign, a, b));
}
function tests_isSequence(value) {
    return (typeof value === 'string' ||
        value instanceof Markup ||
        value instanceof PyList ||
        value instanceof PyTuple ||
        value instanceof PyDict ||
        value instanceof PyRange);
}
function isCallable(value) {
    return (value instanceof PyFunction ||
        value instanceof PyType ||
        (value instanceof PyHost && value.call !== undefined));
}
/** The tests of Jinja 3.1, but for `filter` and `test`, which look into the tables themselves. */
const VALUE_TESTS = [
    ofValue('defined', (value) => !(value instanceof Undefined)),
    ofValue('undefined', (value) => value instanceof Undefined),
    ofValue('none', (value) => value === null),
    ofValue('true', (value) => value === true),
    ofValue('false', (value) => value === false),
    ofValue('boolean', (value) => typeof value === 'boolean'),
    ofValue('integer', isInt),
    ofValue('float', isFloat),
    ofValue('number', (value) => isNumber(value) || typeof value === 'boolean'),
    ofValue('string', (value) => typeof value === 'string' || value instanceof Markup),
    ofValue('mapping', (value) => value instanceof PyDict),
    ofValue('sequence', tests_isSequence),
    ofValue('iterable', (value) => value instanceof Markup || isIterable(defined(value))),
    ofValue('callable', isCallable),
    ofValue('escaped', (value) => value instanceof Markup),
    ['odd', callable('odd()', (evaluation, value) => divides(evaluation, value, 2, 1))],
    ['even', callable('even()', (evaluation, value) => divides(evaluation, value, 2, 0))],
    [
        'divisibleby',
        callable('divisibleby(num)', (evaluation, value, [by]) => divides(evaluation, value, operand(by), 0)),
    ],
    caseTest('lower', 'islower'),
    caseTest('upper', 'isupper'),
    ['sameas', callable('sameas(other)', (_, value, [other]) => isSame(value, other))],
    ...operator(['in'], (evaluation, value, container) => contains(evaluation, container, value)),
    ...operator(['eq', 'equalto', '=='], equals),
    ...operator(['ne', '!='], (evaluation, a, b) => !equals(evaluation, a, b)),
    ...order(['lt', 'lessthan', '<'], '<'),
    ...order(['le', '<='], '<='),
    ...order(['gt', 'greaterthan', '>'], '>'),
    ...order(['ge', '>='], '>='),
];

;// CONCATENATED MODULE: ./build/template/html.js
// Escaping for HTML, XML and URLs: what the filters of those names do.
// Nothing here is applied unless a template asks for it.






/** Removes comments and tags, turns runs of white space into one space, and resolves the common entities. */
function stripTags(text) {
    const bare = removeBetween(removeBetween(text, '<!--', '-->'), '<', '>');
    return unescapeMarkup(bare.trim().split(/\s+/).join(' '));
}
/** The text without everything from an opener to the next closer; an opener that is never closed stays. */
function removeBetween(text, opener, closer) {
    let kept = '';
    let from = 0;
    for (;;) {
        const start = text.indexOf(opener, from);
        const end = start < 0 ? -1 : text.indexOf(closer, start);
        if (end < 0)
            return kept + text.slice(from);
        kept += text.slice(from, start);
        from = end + closer.length;
    }
}
const NAMED = new Map([
    ['amp', '&'],
    ['lt', '<'],
    ['gt', '>'],
    ['quot', '"'],
    ['apos', "'"],
    ['nbsp', '\u00a0'],
]);
function unescapeMarkup(text) {
    return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
        if (name !== undefined)
            return NAMED.get(name) ?? whole;
        const code = decimal !== undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
        return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
            ? String.fromCodePoint(code)
            : '\ufffd';
    });
}
/** `urlencode`: quotes a text, or joins the pairs of a dict or list as a query. */
function urlEncode(evaluation, value) {
    if (typeof value === 'string' || value instanceof Markup || !isIterable(defined(value))) {
        return urlQuote(evaluation, toText(evaluation, value));
    }
    const parts = [];
    for (const pair of value instanceof PyDict ? pairs(value) : iterate(value)) {
        spend(evaluation, 1);
        const [key, item] = unpack(evaluation, pair, 2);
        parts.push(`${urlQueryQuote(evaluation, toText(evaluation, key))}=${urlQueryQuote(evaluation, toText(evaluation, item))}`);
    }
    return parts.join('&');
}
function* pairs(dict) {
    for (const pair of dictEntries(dict))
        yield new PyTuple(pair);
}
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
function urlQuote(evaluation, text) {
    return quote(evaluation, text).replaceAll('%2F', '/');
}
function urlQueryQuote(evaluation, text) {
    return quote(evaluation, text).replaceAll('%20', '+');
}
function quote(evaluation, text) {
    spend(evaluation, text.length);
    const quoted = encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'));
    admitText(evaluation, quoted.length);
    return quoted.replace(/[!'()*]/g, percent);
}
function percent(character) {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
/** `xmlattr`: the entries of a dict as attributes; None and undefined are left out. */
function xmlAttributes(evaluation, dict, leadingSpace) {
    if (!(defined(dict) instanceof PyDict))
        errors_raise('AttributeError', 'xmlattr works on a dict');
    const attributes = [];
    for (const [key, value] of dictEntries(dict)) {
        spend(evaluation, 1);
        if (value === null || value instanceof Undefined)
            continue;
        const name = toText(evaluation, key);
        if (/[\s/>=]/.test(name))
            errors_raise('ValueError', `Invalid character in attribute name: '${name}'`);
        const text = value instanceof Markup ? value.content : escapeMarkup(evaluation, toText(evaluation, value));
        attributes.push(`${escapeMarkup(evaluation, name)}="${text}"`);
    }
    const result = attributes.join(' ');
    return leadingSpace && result !== '' ? ` ${result}` : result;
}

;// CONCATENATED MODULE: ./build/template/urlize-filter.js










// White space as Python has it: the four separators and NEL are, the byte order mark is not.
const WORD = /[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const WORD_CHARACTER = /^[\p{L}\p{N}_]$/u;
const PORT_AND_PATH = /^(?::\p{Nd}{1,5})?(?:[/?#]|$)/u;
const FOUR_NUMBERS = /^\p{Nd}{1,3}(?:\.\p{Nd}{1,3}){3}$/u;
const HEX_DIGIT = /^[\p{Nd}a-f]$/u;
const BARE_DOMAINS = new Set(['com', 'net', 'int', 'edu', 'gov', 'org', 'info', 'mil']);
const OPENERS = ['(', '<', '&lt;'];
const TRAILERS = [')', '>', '.', ',', '&gt;'];
const BRACKETS = [
    ['(', ')'],
    ['<', '>'],
    ['&lt;', '&gt;'],
];
/** `urlize`: the text, escaped, with its addresses as links. Throws FilterArgumentError for a scheme that is none. */
function urlize(evaluation, value, [limit, nofollow, target, rel, extraSchemes]) {
    const style = {
        attributes: `${relation(evaluation, rel ?? null, nofollow)}${targetOf(evaluation, target ?? null)}`,
        limit: limit ?? null,
        schemes: schemesOf(evaluation, extraSchemes ?? null),
    };
    const text = escaped(evaluation, value);
    spend(evaluation, text.length * 4);
    let length = text.length;
    const linked = text.replace(WORD, (word) => {
        const result = linkWord(evaluation, word, style);
        length += result.length - word.length;
        if (length > evaluation.limits.stringLength)
            admitText(evaluation, length);
        return result;
    });
    admitText(evaluation, linked.length);
    return linked;
}
function escaped(evaluation, value) {
    return value instanceof Markup ? value.content : escapeMarkup(evaluation, toText(evaluation, value));
}
// The word `noopener` is Jinja2's policy and always there.
function relation(evaluation, rel, nofollow) {
    const words = new Set(['noopener']);
    if (isTrue(rel)) {
        const given = access_callMethod(evaluation, operand(rel), 'split', []);
        for (const word of toItems(evaluation, given))
            words.add(word);
    }
    if (flag(nofollow, false))
        words.add('nofollow');
    return ` rel="${escapeMarkup(evaluation, [...words].sort(compareText).join(' '))}"`;
}
function targetOf(evaluation, target) {
    return isTrue(target) ? ` target="${escaped(evaluation, target)}"` : '';
}
function schemesOf(evaluation, given) {
    if (given === null)
        return [];
    const schemes = [];
    for (const item of iterate(operand(given))) {
        spend(evaluation, 1);
        const scheme = item instanceof Markup ? item.content : item;
        if (typeof scheme !== 'string')
            return errors_raise('TypeError', 'expected string or bytes-like object');
        spend(evaluation, scheme.length);
        if (!isScheme(scheme)) {
            errors_raise('FilterArgumentError', `${pyRepr(evaluation, scheme)} is not a valid URI scheme prefix.`);
        }
        schemes.push(scheme);
    }
    return schemes;
}
/** Two or more letters, digits or `_.+-`, a colon, and up to two slashes. */
function isScheme(text) {
    const colon = text.indexOf(':');
    const slashes = text.slice(colon + 1);
    if (colon < 0 || (slashes !== '' && slashes !== '/' && slashes !== '//'))
        return false;
    const name = text.slice(0, colon);
    return codePointLength(name) >= 2 && consistsOf(name, '.+-');
}
/** True when all characters are letters, digits, underscores or among the others given. */
function consistsOf(text, others) {
    for (const character of text) {
        if (!others.includes(character) && !WORD_CHARACTER.test(character))
            return false;
    }
    return true;
}
function linkWord(evaluation, word, style) {
    const { head, middle, tail } = peel(word);
    return `${head}${urlize_filter_link(evaluation, middle, style)}${tail}`;
}
/** Takes the punctuation off both ends; closing brackets that the rest opened stay with it. */
function peel(word) {
    let start = 0;
    for (let opener = startingAt(word, start); opener !== undefined; opener = startingAt(word, start)) {
        start += opener.length;
    }
    let end = word.length;
    for (let trailer = endingAt(word, start, end); trailer !== undefined;) {
        end -= trailer.length;
        trailer = endingAt(word, start, end);
    }
    for (const [opener, closer] of BRACKETS) {
        const opened = urlize_filter_count(word.slice(start, end), opener);
        if (opened <= urlize_filter_count(word.slice(start, end), closer))
            continue;
        for (let i = 0; i < opened; i++) {
            const next = word.indexOf(closer, end);
            if (next < 0)
                break;
            end = next + closer.length;
        }
    }
    return { head: word.slice(0, start), middle: word.slice(start, end), tail: word.slice(end) };
}
function startingAt(word, start) {
    return OPENERS.find((opener) => word.startsWith(opener, start));
}
function endingAt(word, start, end) {
    return TRAILERS.find((trailer) => end - trailer.length >= start && word.endsWith(trailer, end));
}
function urlize_filter_count(text, part) {
    let found = 0;
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length))
        found++;
    return found;
}
function urlize_filter_link(evaluation, word, style) {
    if (isWebAddress(word)) {
        // Only a scheme in small letters counts as one here, although the address was recognized in any.
        const href = word.startsWith('https://') || word.startsWith('http://') ? word : `https://${word}`;
        return `<a href="${href}"${style.attributes}>${shown(evaluation, word, style.limit)}</a>`;
    }
    if (word.startsWith('mailto:') && isMailAddress(word.slice(7))) {
        return `<a href="${word}">${word.slice(7)}</a>`;
    }
    if (!word.startsWith('www.') && !word.startsWith('@') && !word.includes(':') && isMailAddress(word)) {
        return `<a href="mailto:${word}">${word}</a>`;
    }
    spend(evaluation, style.schemes.length * (1 + (word.length >> 4)));
    const known = style.schemes.some((scheme) => word !== scheme && word.startsWith(scheme));
    return known ? `<a href="${word}"${style.attributes}>${word}</a>` : word;
}
/** What a link shows; the limit is a slice's end in Python, so that a negative one counts from the back. */
function shown(evaluation, address, limit) {
    if (limit === null)
        return address;
    const stop = operand(limit);
    if (!compare(evaluation, '>', codePointLength(address), stop))
        return address;
    return `${getItem(evaluation, address, new PySlice(null, stop, null))}...`;
}
/** True for `https://` or `www.` and a host, for a bare host of a well-known domain, and for IP addresses. */
function isWebAddress(word) {
    // A scheme is at most eight letters long; only that much is looked at without its case.
    const scheme = /^https?:\/\//.exec(urlize_filter_foldCase(word.slice(0, 8)))?.[0];
    const rest = word.slice(scheme?.length ?? 0);
    if (scheme !== undefined && rest.startsWith('['))
        return isBracketed(rest);
    const stop = rest.search(/[:/?#]/);
    const host = stop < 0 ? rest : rest.slice(0, stop);
    if (!PORT_AND_PATH.test(rest.slice(host.length)))
        return false;
    if (scheme !== undefined)
        return isHost(host) || FOUR_NUMBERS.test(host);
    return (urlize_filter_foldCase(host.slice(0, 4)) === 'www.' && isHost(host.slice(4))) || isBareDomain(host);
}
/** Small letters, as Python compares without case: four letters beyond ASCII stand for one of ASCII. */
function urlize_filter_foldCase(text) {
    return text
        .replace(/[\u0130\u0131]/g, 'i')
        .replaceAll('\u017f', 's')
        .replaceAll('\u212a', 'k')
        .toLowerCase();
}
/** Any number of labels, then two to 63 letters or an `xn--` name. */
function isHost(host) {
    const dot = host.lastIndexOf('.');
    const top = urlize_filter_foldCase(host.slice(dot + 1));
    const named = top.startsWith('xn--') ? top.slice(4) : null;
    const ends = /^[a-z]{2,63}$/.test(top) ||
        (named !== null && isBetween(codePointLength(named), 2, 59) && consistsOf(named, '%'));
    return ends && (dot < 0 || areLabels(host.slice(0, dot), 1, Number.POSITIVE_INFINITY));
}
function isBareDomain(host) {
    const dot = host.lastIndexOf('.');
    return BARE_DOMAINS.has(urlize_filter_foldCase(host.slice(dot + 1))) && dot > 0 && areLabels(host.slice(0, dot), 2, 63);
}
/** True when every label between dots has so many characters, and none that a label may not have. */
function areLabels(text, least, most) {
    let length = 0;
    for (const character of text) {
        if (character !== '.')
            length++;
        else if (isBetween(length, least, most))
            length = 0;
        else
            return false;
    }
    return isBetween(length, least, most) && consistsOf(text, '%-.');
}
function isBetween(number, least, most) {
    return number >= least && number <= most;
}
/** Two groups with a colon each, then one to six with or without: groups of up to four digits, and empty ones. */
function isBracketed(rest) {
    const close = rest.indexOf(']');
    // Eight groups of up to four digits (of up to two UTF-16 units) and a colon.
    if (close < 0 || close > 73 || !PORT_AND_PATH.test(rest.slice(close + 1)))
        return false;
    let groups = 0;
    let digits = 0;
    for (const character of urlize_filter_foldCase(rest.slice(1, close))) {
        if (character === ':') {
            groups++;
            digits = 0;
        }
        else if (!HEX_DIGIT.test(character)) {
            return false;
        }
        else if (++digits > 4) {
            // Only from the third group on may one begin without a colon before it.
            if (groups < 2)
                return false;
            groups++;
            digits = 1;
        }
    }
    return groups >= 2 && groups + (digits > 0 ? 1 : 0) <= 8;
}
/** Something, an at sign, and a name with a dot in it whose end is plain. */
function isMailAddress(text) {
    const at = text.lastIndexOf('@');
    const domain = text.slice(at + 1);
    const dot = domain.lastIndexOf('.');
    const end = domain.slice(dot + 1);
    return (at > 0 &&
        dot > 0 &&
        end !== '' &&
        consistsOf(end, '') &&
        !/^[.-]/.test(domain) &&
        consistsOf(domain, '.-'));
}

;// CONCATENATED MODULE: ./build/template/wrap.js
// Wraps text at a width, as Python's textwrap does with the settings Jinja gives it.
// It keeps tabs and white space inside lines as they are.



const wrap_SPACE = '[\\t\\n\\v\\f\\r ]';
const NOT_SPACE = '[^\\t\\n\\v\\f\\r ]';
const wrap_WORD = '[\\p{L}\\p{N}_]';
const LETTER = '(?:(?!\\p{Nd})[\\p{L}\\p{N}_])';
const WORD_OR_PUNCTUATION = '[\\p{L}\\p{N}_!"\'&.,?]';
// Where a line may be broken: at white space, after the hyphen of a hyphenated word, around an em-dash. The
// alternatives and their order are those of Python's textwrap.
const HYPHENATED = new RegExp(`(${wrap_SPACE}+|(?<=${WORD_OR_PUNCTUATION})-{2,}(?=${wrap_WORD})|${NOT_SPACE}+?(?:` +
    `-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${WORD_OR_PUNCTUATION}-))(?=${LETTER}-?${LETTER})` +
    `|(?=${wrap_SPACE}|$)|(?<=${WORD_OR_PUNCTUATION})(?=-{2,}${wrap_WORD})))`, 'u');
const SPACES = new RegExp(`(${wrap_SPACE}+)`);
/** The lines of a text that has no line end in it. Throws ValueError for a width below 1. */
function wrapText(evaluation, text, options) {
    if (options.width <= 0)
        errors_raise('ValueError', `invalid width ${options.width} (must be > 0)`);
    spend(evaluation, text.length * 2);
    const chunks = text.split(options.breakOnHyphens ? HYPHENATED : SPACES).filter((chunk) => chunk !== '');
    chunks.reverse();
    const lines = [];
    while (chunks.length > 0) {
        if (isBlank(chunks.at(-1)) && lines.length > 0)
            chunks.pop();
        const line = takeLine(evaluation, chunks, options);
        if (line.length > 0 && isBlank(line.at(-1)))
            line.pop();
        if (line.length > 0)
            lines.push(line.join(''));
    }
    return lines;
}
/** Takes as many chunks from the end of `chunks` as fit on a line. */
function takeLine(evaluation, chunks, options) {
    const line = [];
    let length = 0;
    for (let next = chunks.at(-1); next !== undefined; next = chunks.at(-1)) {
        // A word far beyond the width need not be counted to its end.
        const size = next.length > 2 * options.width ? options.width + 1 : codePointLength(next);
        if (length + size > options.width) {
            if (size > options.width)
                breakWord(evaluation, chunks, line, options, options.width - length);
            break;
        }
        line.push(next);
        length += size;
        chunks.pop();
    }
    return line;
}
function breakWord(evaluation, chunks, line, options, room) {
    if (options.breakLongWords) {
        const word = chunks.pop();
        // No more of the word than fits: its rest is looked at when its turn comes.
        const letters = Array.from(word.slice(0, 2 * room)).slice(0, room);
        spend(evaluation, 1 + (letters.length >> 4));
        let end = room;
        if (options.breakOnHyphens) {
            const hyphen = letters.lastIndexOf('-');
            if (hyphen > 0 && letters.slice(0, hyphen).some((letter) => letter !== '-'))
                end = hyphen + 1;
        }
        const piece = letters.slice(0, end).join('');
        line.push(piece);
        chunks.push(word.slice(piece.length));
    }
    else if (line.length === 0) {
        line.push(chunks.pop());
    }
}
function isBlank(chunk) {
    return chunk.trim() === '';
}

;// CONCATENATED MODULE: ./build/template/text-filters.js













const WORD_START = /([-\s({[<]+)/;
const text_filters_WORD = /[\p{L}\p{N}_]+/gu;
/** Applies text work to a value and keeps the mark of escaped text. */
function keepingMark(value, work, evaluation) {
    if (value instanceof Markup)
        return new Markup(work(value.content));
    return work(toText(evaluation, value));
}
/** A filter that is a method of `str` of the same name without arguments. */
function method(name) {
    return callable(`${name}()`, (evaluation, value) => keepingMark(value, (text) => callText(evaluation, text, name, []), evaluation));
}
function callText(evaluation, text, name, args) {
    return access_callMethod(evaluation, text, name, args);
}
/** The lines of a text, as `str.splitlines` cuts them. */
function text_filters_splitLines(evaluation, text) {
    spend(evaluation, text.length >> 4);
    const lines = text.split(/\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/);
    if (lines.at(-1) === '')
        lines.pop();
    return lines;
}
function text_filters_titleCase(evaluation, text) {
    spend(evaluation, text.length * 4);
    return text
        .split(WORD_START)
        .map((part) => {
        const [first = '', ...rest] = characters(part);
        return first.toUpperCase() + rest.join('').toLowerCase();
    })
        .join('');
}
function indent(evaluation, text, width, first, blank) {
    const indention = typeof width === 'string' ? width : ' '.repeat(padding(evaluation, wholeNumber(width, 4)));
    // One line end more, so that a text that ends in one keeps it.
    const lines = text_filters_splitLines(evaluation, `${text}\n`);
    admitText(evaluation, text.length + lines.length * indention.length);
    const rest = lines.slice(1).map((line) => (blank || line !== '' ? indention + line : line));
    const result = [lines[0] ?? '', ...rest].join('\n');
    return first ? indention + result : result;
}
function padding(evaluation, width) {
    admitText(evaluation, width);
    return Math.max(0, width);
}
function truncate(evaluation, text, length, killwords, end, leeway) {
    const endLength = codePointLength(end);
    if (length < endLength)
        errors_raise('AssertionError', `expected length >= ${endLength}, got ${length}`);
    if (leeway < 0)
        errors_raise('AssertionError', `expected leeway >= 0, got ${leeway}`);
    spend(evaluation, text.length >> 2);
    const letters = characters(text);
    if (letters.length <= length + leeway)
        return text;
    const kept = letters.slice(0, length - endLength).join('');
    if (killwords)
        return kept + end;
    const space = kept.lastIndexOf(' ');
    return (space < 0 ? kept : kept.slice(0, space)) + end;
}
/** Filters by name. */
const TEXT_FILTERS = [
    ['upper', method('upper')],
    ['lower', method('lower')],
    ['capitalize', method('capitalize')],
    [
        'title',
        callable('title()', (evaluation, value) => keepingMark(value, (text) => text_filters_titleCase(evaluation, text), evaluation)),
    ],
    [
        'trim',
        callable('trim(chars?)', (evaluation, value, [chars]) => keepingMark(value, (text) => callText(evaluation, text, 'strip', [operand(chars ?? null)]), evaluation)),
    ],
    [
        'center',
        callable('center(width?)', (evaluation, value, [width]) => keepingMark(value, (text) => callText(evaluation, text, 'center', [given(width, 80)]), evaluation)),
    ],
    [
        'string',
        callable('string()', (evaluation, value) => value instanceof Markup ? value : toText(evaluation, value)),
    ],
    [
        'replace',
        callable('replace(old, new, count?)', (evaluation, value, [old, next, count]) => callText(evaluation, toText(evaluation, value), 'replace', [
            toText(evaluation, old),
            toText(evaluation, next),
            count ?? -1,
        ])),
    ],
    [
        'indent',
        callable('indent(width?, first?, blank?)', (evaluation, value, [width, first, blank]) => keepingMark(stringOnly(value, value instanceof PyList ? 'AttributeError' : 'TypeError'), (text) => indent(evaluation, text, width, flag(first, false), flag(blank, false)), evaluation)),
    ],
    ['truncate', callable('truncate(length?, killwords?, end?, leeway?)', truncateValue)],
    [
        'wordwrap',
        callable('wordwrap(width?, break_long_words?, wrapstring?, break_on_hyphens?)', (evaluation, value, [width, breakLong, wrapString, breakOnHyphens]) => {
            const text = toText(evaluation, stringOnly(value, 'AttributeError'));
            const separator = wrapString == null ? '\n' : toText(evaluation, wrapString);
            const options = {
                width: wholeNumber(width, 79),
                breakLongWords: flag(breakLong, true),
                breakOnHyphens: flag(breakOnHyphens, true),
            };
            const lines = text_filters_splitLines(evaluation, text).flatMap((line) => {
                const wrapped = wrapText(evaluation, line, options);
                return wrapped.length === 0 ? [''] : wrapped;
            });
            admitText(evaluation, text.length + (lines.length - 1) * separator.length);
            return lines.join(separator);
        }),
    ],
    [
        'wordcount',
        callable('wordcount()', (evaluation, value) => {
            const text = toText(evaluation, value);
            spend(evaluation, text.length);
            return text.match(text_filters_WORD)?.length ?? 0;
        }),
    ],
    ['format', { apply: text_filters_format }],
    ...['escape', 'e'].map((name) => [name, callable(`${name}()`, escapeOnce)]),
    [
        'forceescape',
        callable('forceescape()', (evaluation, value) => new Markup(escapeMarkup(evaluation, toText(evaluation, value)))),
    ],
    [
        'safe',
        callable('safe()', (evaluation, value) => value instanceof Markup ? value : new Markup(toText(evaluation, value))),
    ],
    [
        'striptags',
        callable('striptags()', (evaluation, value) => {
            const text = toText(evaluation, value);
            spend(evaluation, text.length >> 2);
            return stripTags(text);
        }),
    ],
    ['urlencode', callable('urlencode()', urlEncode)],
    ['urlize', callable('urlize(trim_url_limit?, nofollow?, target?, rel?, extra_schemes?)', urlize)],
];
function escapeOnce(evaluation, value) {
    return value instanceof Markup ? value : new Markup(escapeMarkup(evaluation, toText(evaluation, value)));
}
function stringOnly(value, type = 'TypeError') {
    if (typeof value === 'string' || value instanceof Markup)
        return value;
    defined(value);
    return errors_raise(type, 'this filter works on strings only');
}
// Like `%` itself, but what goes into escaped text is escaped.
function text_filters_format(evaluation, value, positional, named) {
    const hasNamed = named !== null && named.size > 0;
    if (positional.length > 0 && hasNamed) {
        errors_raise('FilterArgumentError', "can't handle positional and keyword arguments at the same time");
    }
    const prepare = (item) => value instanceof Markup && typeof item === 'string' ? escapeMarkup(evaluation, item) : operand(item);
    const values = hasNamed
        ? values_dictOf([...named].map(([name, item]) => [name, prepare(item)]))
        : new PyTuple(positional.map(prepare));
    return keepingMark(value, (text) => percentFormat(evaluation, text, values), evaluation);
}
// A list that is short enough comes back as it is, because only its length is asked for.
function truncateValue(evaluation, value, [length, kill, end, leeway]) {
    const size = wholeNumber(length, 255);
    const slack = wholeNumber(leeway, 5);
    if (typeof value !== 'string' && !(value instanceof Markup)) {
        return lengthOf(defined(value)) <= size + slack ? value : stringOnly(value);
    }
    const ending = toText(evaluation, given(end, '...'));
    return keepingMark(value, (text) => truncate(evaluation, text, size, flag(kill, false), ending, slack), evaluation);
}

;// CONCATENATED MODULE: ./build/template/json-text.js
// `tojson`: Python's json.dumps with sorted keys, plain ASCII, and the characters that mean something in HTML escaped.
// It refuses what json.dumps refuses: sets, ranges, functions, undefined.






/** JSON text; `indent` null writes it on one line. */
function toJsonText(evaluation, value, indent) {
    const text = new JsonWriter(evaluation, indent).write(value, '\n');
    return text.replace(/[<>&']/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
class JsonWriter {
    evaluation;
    indent;
    written = 0;
    constructor(evaluation, indent) {
        this.evaluation = evaluation;
        this.indent = indent;
    }
    /** `lineEnd` is the line end and indentation of the line that the value stands on. */
    write(value, lineEnd) {
        if (value instanceof PyList || value instanceof PyTuple) {
            const items = value instanceof PyList ? listItems(value) : value.items;
            return this.wrap('[', ']', items, lineEnd, (item, inner) => this.write(item, inner));
        }
        if (value instanceof PyDict) {
            return this.wrap('{', '}', this.sorted(value), lineEnd, ([key, item], inner) => {
                return `${json_text_quote(json_text_keyText(this.evaluation, key))}: ${this.write(item, inner)}`;
            });
        }
        return this.count(scalar(this.evaluation, value));
    }
    wrap(open, close, items, lineEnd, write) {
        if (items.length === 0)
            return open + close;
        enter(this.evaluation);
        spend(this.evaluation, items.length);
        const inner = this.indent === null ? '' : lineEnd + this.indent;
        const parts = items.map((item) => this.count(write(item, inner || lineEnd), inner.length));
        leave(this.evaluation);
        if (this.indent === null)
            return open + parts.join(', ') + close;
        return open + inner + parts.join(`,${inner}`) + lineEnd + close;
    }
    count(text, more = 0) {
        this.written += text.length + more;
        admitText(this.evaluation, this.written);
        return text;
    }
    sorted(dict) {
        return [...dictEntries(dict)].sort(([a], [b]) => {
            if (compare(this.evaluation, '<', a, b))
                return -1;
            return compare(this.evaluation, '<', b, a) ? 1 : 0;
        });
    }
}
function scalar(evaluation, value) {
    if (value === null)
        return 'null';
    if (typeof value === 'boolean')
        return value ? 'true' : 'false';
    if (typeof value === 'string')
        return json_text_quote(value);
    if (value instanceof Markup)
        return json_text_quote(value.content);
    if (isNumber(value))
        return numberText(evaluation, value);
    const type = value instanceof Undefined ? 'StrictUndefined' : typeName(value);
    return errors_raise('TypeError', `Object of type ${type} is not JSON serializable`);
}
function numberText(evaluation, value) {
    const number = toNumber(value);
    if (typeof value === 'number' && number !== null && !Number.isFinite(number)) {
        return Number.isNaN(number) ? 'NaN' : number > 0 ? 'Infinity' : '-Infinity';
    }
    return pyRepr(evaluation, value);
}
function json_text_keyText(evaluation, key) {
    if (typeof key === 'string')
        return key;
    if (key === null || typeof key === 'boolean' || isNumber(key))
        return scalar(evaluation, key);
    return errors_raise('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}
function json_text_quote(text) {
    return JSON.stringify(text).replace(/[\x7f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

;// CONCATENATED MODULE: ./build/template/pretty.js
// `pprint`: a value over several lines when it is too long for one, dicts sorted by key, as Python's pprint does it.
// It leaves long strings whole.





const WIDTH = 80;
/** The text of a value for people. */
function prettyText(evaluation, value) {
    const text = layOut(evaluation, value, 0, 0);
    admitText(evaluation, text.length);
    return text;
}
/** `indent`: columns before the value; `after`: characters that follow on its last line. */
function layOut(evaluation, value, indent, after) {
    const flat = flatText(evaluation, value);
    spend(evaluation, 1 + (flat.length >> 4));
    if (flat.length <= WIDTH - indent - after)
        return flat;
    enter(evaluation);
    const text = layOutParts(evaluation, value, indent, after) ?? flat;
    leave(evaluation);
    return text;
}
function layOutParts(evaluation, value, indent, after) {
    const separator = `,\n${' '.repeat(indent + 1)}`;
    if (value instanceof PyList || value instanceof PyTuple) {
        const items = value instanceof PyList ? listItems(value) : value.items;
        const [open, close] = value instanceof PyList ? ['[', ']'] : ['(', items.length === 1 ? ',)' : ')'];
        const parts = items.map((item, i) => layOut(evaluation, item, indent + 1, i === items.length - 1 ? after + close.length : 1));
        return open + parts.join(separator) + close;
    }
    if (value instanceof PyDict) {
        const entries = sortedEntries(evaluation, value);
        const parts = entries.map(([key, item], i) => {
            const name = `${pyRepr(evaluation, key)}: `;
            return (name + layOut(evaluation, item, indent + 1 + name.length, i === entries.length - 1 ? after + 1 : 1));
        });
        return `{${parts.join(separator)}}`;
    }
    return null;
}
function flatText(evaluation, value) {
    if (value instanceof PyDict) {
        enter(evaluation);
        const parts = sortedEntries(evaluation, value).map(([key, item]) => `${pyRepr(evaluation, key)}: ${flatText(evaluation, item)}`);
        leave(evaluation);
        return `{${parts.join(', ')}}`;
    }
    if (value instanceof PyList || value instanceof PyTuple) {
        enter(evaluation);
        const items = value instanceof PyList ? listItems(value) : value.items;
        const text = items.map((item) => flatText(evaluation, item)).join(', ');
        leave(evaluation);
        if (value instanceof PyList)
            return `[${text}]`;
        return items.length === 1 ? `(${text},)` : `(${text})`;
    }
    return pyRepr(evaluation, value);
}
// Keys that cannot be compared are ordered by the name of their type, as pprint does.
function sortedEntries(evaluation, dict) {
    spend(evaluation, dict.entries.size);
    return [...dictEntries(dict)].sort(([a], [b]) => {
        try {
            return compare(evaluation, '<', a, b) ? -1 : compare(evaluation, '<', b, a) ? 1 : 0;
        }
        catch (error) {
            if (!(error instanceof ExpressionError) || error.type !== 'TypeError')
                throw error;
            return typeName(a) < typeName(b) ? -1 : 1;
        }
    });
}

;// CONCATENATED MODULE: ./build/template/value-filters.js
// Filters over single values: numbers, defaults, attributes, JSON.














/** The result of `work`, or null when it raised one of the Python exceptions named. */
function unless(types, work) {
    try {
        return { value: work() };
    }
    catch (error) {
        if (error instanceof ExpressionError && types.includes(error.type))
            return null;
        throw error;
    }
}
function value_filters_toInt(evaluation, value, [fallback, base]) {
    const target = operand(value);
    const direct = unless(['TypeError', 'ValueError'], () => typeof target === 'string' ? parseInteger(evaluation, target, wholeNumber(base, 10)) : toInteger(target));
    // The second way round is why "42.23"|int is 42.
    const result = direct ?? unless(['TypeError', 'ValueError', 'OverflowError'], () => toInteger(asFloat(target)));
    return result === null ? given(fallback, 0) : result.value;
}
function asFloat(value) {
    return typeof value === 'string' ? parseFloatText(value) : toFloat(value);
}
function round(evaluation, value, [precision, method]) {
    if (method !== undefined && method !== 'common' && method !== 'ceil' && method !== 'floor') {
        errors_raise('FilterArgumentError', 'method must be common, ceil or floor');
    }
    if (value instanceof Undefined)
        errors_raise('TypeError', "type Undefined doesn't define __round__ method");
    if (method === undefined || method === 'common')
        return roundValue(evaluation, value, given(precision, 0));
    const scale = arithmetic_power(evaluation, 10, given(precision, 0));
    const scaled = multiply(evaluation, value, scale);
    return divide(evaluation, wholeBound(scaled, method), scale);
}
function wholeBound(value, method) {
    if (typeof value === 'bigint')
        return value;
    const number = toNumber(value);
    if (number === null)
        errors_raise('TypeError', `must be real number, not ${typeName(value)}`);
    if (!Number.isFinite(number))
        errors_raise('OverflowError', 'cannot convert float infinity to integer');
    return values_makeInt(BigInt(method === 'ceil' ? Math.ceil(number) : Math.floor(number)));
}
function value_filters_absolute(evaluation, value) {
    if (!isNumeric(value)) {
        const type = value instanceof Undefined ? 'StrictUndefined' : typeName(value);
        return errors_raise('TypeError', `bad operand type for abs(): '${type}'`);
    }
    if (typeof value === 'boolean')
        return value ? 1 : 0;
    const negative = compare(evaluation, '<', value, 0) || (value instanceof PyFloat && Object.is(value.value, -0));
    return negative ? negate(evaluation, value) : value;
}
const DECIMAL_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const BINARY_UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];
function fileSize(evaluation, value, [binary]) {
    const bytes = toNumber(asFloat(operand(value)));
    const base = flag(binary, false) ? 1024 : 1000;
    const units = base === 1024 ? BINARY_UNITS : DECIMAL_UNITS;
    if (bytes === 1)
        return '1 Byte';
    if (bytes < base)
        return `${Math.trunc(bytes)} Bytes`;
    let unit = base * base;
    let i = 0;
    for (; i < units.length - 1 && bytes >= unit; i++)
        unit *= base;
    return `${formatValue(evaluation, makeFloat((base * bytes) / unit), '.1f')} ${units[i]}`;
}
function withDefault(value, [fallback, alsoFalse]) {
    if (value instanceof Undefined)
        return given(fallback, '');
    return flag(alsoFalse, false) && !isTrue(value) ? given(fallback, '') : value;
}
function attribute(evaluation, value, name) {
    const key = operand(name);
    if (typeof key !== 'string')
        errors_raise('TypeError', 'attribute name must be string');
    return given(attributeOf(evaluation, value, key), access_missing(evaluation, value, key));
}
function indentation(indent) {
    if (indent === undefined || indent === null)
        return null;
    return typeof indent === 'string' ? indent : ' '.repeat(Math.min(64, Math.max(0, wholeNumber(indent, 0))));
}
/** Filters by name. */
const VALUE_FILTERS = [
    ...['default', 'd'].map((name) => [
        name,
        callable(`${name}(default_value?, boolean?)`, (_, value, bound) => withDefault(value, bound)),
    ]),
    ['int', callable('int(default?, base?)', value_filters_toInt)],
    [
        'float',
        callable('float(default?)', (_, value, [fallback]) => {
            const target = operand(value);
            const result = unless(['TypeError', 'ValueError'], () => asFloat(target));
            return result === null ? given(fallback, makeFloat(0)) : result.value;
        }),
    ],
    ['round', callable('round(precision?, method?)', round)],
    ['abs', callable('abs()', (evaluation, value) => value_filters_absolute(evaluation, value))],
    ['filesizeformat', callable('filesizeformat(binary?)', fileSize)],
    ['attr', callable('attr(name)', (evaluation, value, [name]) => attribute(evaluation, value, name))],
    [
        'tojson',
        callable('tojson(indent?)', (evaluation, value, [indent]) => new Markup(toJsonText(evaluation, value, indentation(indent)))),
    ],
    [
        'xmlattr',
        callable('xmlattr(autospace?)', (evaluation, value, [autospace]) => xmlAttributes(evaluation, value, flag(autospace, true))),
    ],
    ['pprint', callable('pprint()', (evaluation, value) => prettyText(evaluation, value))],
];

;// CONCATENATED MODULE: ./build/template/registry.js





/** The filters of Jinja 3.1. */
const FILTERS = new Map([
    ...TEXT_FILTERS,
    ...SEQUENCE_FILTERS,
    ...VALUE_FILTERS,
    ['map', mapFilter(() => FILTERS)],
    ['select', selection(() => TESTS, { keep: true, byAttribute: false })],
    ['reject', selection(() => TESTS, { keep: false, byAttribute: false })],
    ['selectattr', selection(() => TESTS, { keep: true, byAttribute: true })],
    ['rejectattr', selection(() => TESTS, { keep: false, byAttribute: true })],
]);
/** The tests of Jinja 3.1. */
const TESTS = new Map([
    ...VALUE_TESTS,
    ofValue('filter', (value) => isNameIn(FILTERS, value)),
    ofValue('test', (value) => isNameIn(TESTS, value)),
]);
function isNameIn(table, value) {
    const name = operand(value);
    return typeof name === 'string' && table.has(name);
}

;// CONCATENATED MODULE: ./build/template/compile-expression.js
// Turns expressions into closures. The meaning of operators is the expression language's; this adds what is Jinja's own.
// It refuses unknown filters and tests at once, before anything is rendered.













/** How deeply syntax trees may nest; a chain such as `a + a + a` counts a level for each link. */
const MAX_TREE_DEPTH = 1_000;
/** Compiles an expression of the frame whose names are `symbols`. Throws TemplateError. */
function compile_expression_compileExpression(context, symbols, expression) {
    return new ExpressionCompiler(context, symbols).compile(expression);
}
/** Compiles a filter chain whose innermost value is the text of a block's body. */
function compileBodyFilter(context, symbols, filter) {
    // The body reaches the innermost filter through a cell, which nested renderings of the same block must not share.
    const bodies = [];
    const apply = new ExpressionCompiler(context, symbols, () => bodies.at(-1)).compile(filter);
    return (scope, body) => {
        bodies.push(body);
        try {
            return apply(scope);
        }
        finally {
            bodies.pop();
        }
    };
}
/** Compiles a call whose arguments also get `caller`. */
function compileCallWithCaller(context, symbols, call) {
    const compiler = new ExpressionCompiler(context, symbols);
    const callee = compiler.compile(call.callee);
    const args = compiler.compileArguments(call.args);
    return (scope, caller) => {
        const target = defined(callee(scope));
        const { positional, named } = args(scope);
        if (named?.has('caller'))
            errors_raise('TypeError', "got multiple values for keyword argument 'caller'");
        return callValue(scope.run.evaluation, target, positional, new Map(named).set('caller', caller));
    };
}
const BINARY = {
    '-': subtract,
    '*': multiply,
    '/': divide,
    '//': floorDivide,
    '%': modulo,
    '**': arithmetic_power,
};
class ExpressionCompiler {
    context;
    symbols;
    body;
    depth = 0;
    constructor(context, symbols, body = null) {
        this.context = context;
        this.symbols = symbols;
        this.body = body;
    }
    compile(expression) {
        if (++this.depth > MAX_TREE_DEPTH)
            this.fail('expression too long', expression.start);
        const evaluate = this.compileKind(expression);
        this.depth--;
        return evaluate;
    }
    fail(message, at) {
        throw templateErrorAt('TemplateAssertionError', message, this.context.source, at);
    }
    compileKind(expression) {
        switch (expression.kind) {
            case 'literal': {
                const value = literalValue(expression.literal);
                return () => value;
            }
            case 'name': {
                const { name } = expression;
                const read = compileRead(this.symbols, name);
                return (scope) => {
                    const value = read(scope);
                    return value === undefined ? undefinedName(name) : value;
                };
            }
            case 'tuple': {
                const items = expression.items.map((item) => this.compile(item));
                return (scope) => {
                    spend(scope.run.evaluation, items.length);
                    return new PyTuple(items.map((item) => item(scope)));
                };
            }
            case 'list': {
                const items = expression.items.map((item) => this.compile(item));
                return (scope) => {
                    spend(scope.run.evaluation, items.length);
                    return values_listOf(items.map((item) => item(scope)));
                };
            }
            case 'dict':
                return this.compileDict(expression.pairs);
            case 'binary': {
                const left = this.compile(expression.left);
                const right = this.compile(expression.right);
                if (expression.operator === '+') {
                    return (scope) => addValues(scope.run.evaluation, left(scope), right(scope));
                }
                const apply = BINARY[expression.operator];
                return (scope) => {
                    // Both sides are evaluated before either is asked whether it is defined.
                    const a = left(scope);
                    const b = right(scope);
                    return apply(scope.run.evaluation, operand(a), operand(b));
                };
            }
            case 'unary':
                return this.compileUnary(expression.operator, this.compile(expression.operand));
            case 'logic': {
                const left = this.compile(expression.left);
                const right = this.compile(expression.right);
                const stopsAt = expression.operator === 'or';
                return (scope) => {
                    const value = left(scope);
                    return isTrue(value) === stopsAt ? value : right(scope);
                };
            }
            case 'concat': {
                const parts = expression.parts.map((part) => this.compile(part));
                return (scope) => concatenate(scope.run.evaluation, parts.map((part) => part(scope)));
            }
            case 'compare':
                return this.compileCompare(expression.first, expression.rest);
            case 'conditional':
                return this.compileConditional(expression);
            case 'attribute': {
                const object = this.compile(expression.object);
                const { name } = expression;
                if (isMutator(name))
                    this.context.noteMutation();
                return (scope) => access_getAttribute(scope.run.evaluation, object(scope), name);
            }
            case 'item': {
                const object = this.compile(expression.object);
                const index = this.compile(expression.index);
                return (scope) => access_getItem(scope.run.evaluation, object(scope), index(scope));
            }
            case 'slice': {
                const [from, to, step] = [expression.from, expression.to, expression.step].map((part) => (part === null ? () => null : this.compile(part)));
                return (scope) => new PySlice(defined(from(scope)), defined(to(scope)), defined(step(scope)));
            }
            case 'call': {
                const callee = this.compile(expression.callee);
                const args = this.compileArguments(expression.args);
                return (scope) => {
                    const target = defined(callee(scope));
                    const { positional, named } = args(scope);
                    return callValue(scope.run.evaluation, target, positional, named);
                };
            }
            case 'filter':
                return this.compileFilter(expression);
            case 'test': {
                const { name } = expression;
                const test = TESTS.get(name);
                if (test === undefined)
                    return this.fail(`No test named '${name}'.`, expression.start);
                const value = this.compile(expression.value);
                const args = this.compileArguments(expression.args);
                return (scope) => {
                    const { positional, named } = args(scope);
                    return test.apply(scope.run.evaluation, value(scope), positional, named);
                };
            }
            default:
                return expression;
        }
    }
    compileFilter(expression) {
        const { name } = expression;
        const filter = FILTERS.get(name);
        if (filter === undefined)
            this.fail(`No filter named '${name}'.`, expression.start);
        const value = expression.value === null ? this.body : this.compile(expression.value);
        const args = this.compileArguments(expression.args);
        return (scope) => {
            const input = value(scope);
            const { positional, named } = args(scope);
            spend(scope.run.evaluation, 1);
            return filter.apply(scope.run.evaluation, input, positional, named);
        };
    }
    compileDict(pairs) {
        const compiled = pairs.map(([key, value]) => [this.compile(key), this.compile(value)]);
        return (scope) => {
            const dict = new PyDict();
            spend(scope.run.evaluation, compiled.length * 8);
            for (const [key, value] of compiled)
                dictSet(scope.run.evaluation, dict, operand(key(scope)), value(scope));
            return dict;
        };
    }
    compileUnary(operator, evaluate) {
        if (operator === 'not')
            return (scope) => !isTrue(evaluate(scope));
        const apply = operator === '-' ? negate : arithmetic_plus;
        return (scope) => apply(scope.run.evaluation, operand(evaluate(scope)));
    }
    compileCompare(first, rest) {
        const start = this.compile(first);
        const links = rest.map((link) => ({ operator: link.operator, evaluate: this.compile(link.operand) }));
        return (scope) => {
            let left = start(scope);
            for (const { operator, evaluate } of links) {
                const right = evaluate(scope);
                if (!holds(scope.run.evaluation, operator, left, right))
                    return false;
                left = right;
            }
            return true;
        };
    }
    compileConditional(expression) {
        const test = this.compile(expression.test);
        const value = this.compile(expression.value);
        const nothing = new Undefined('the inline if-expression evaluated to false and no else section was defined.', true);
        const otherwise = expression.otherwise === null ? () => nothing : this.compile(expression.otherwise);
        return (scope) => (isTrue(test(scope)) ? value(scope) : otherwise(scope));
    }
    compileArguments(args) {
        const positional = args.positional.map((value) => this.compile(value));
        const named = args.named.map(({ name, value }) => ({ name, evaluate: this.compile(value) }));
        const spread = args.spread === null ? null : this.compile(args.spread);
        const spreadNamed = args.spreadNamed === null ? null : this.compile(args.spreadNamed);
        if (named.length === 0 && spread === null && spreadNamed === null) {
            return (scope) => {
                spend(scope.run.evaluation, positional.length);
                return { positional: positional.map((evaluate) => evaluate(scope)), named: null };
            };
        }
        return (scope) => {
            spend(scope.run.evaluation, positional.length + named.length);
            const values = positional.map((evaluate) => evaluate(scope));
            if (spread !== null) {
                for (const item of toItems(scope.run.evaluation, defined(spread(scope))))
                    values.push(item);
            }
            const byName = new Map();
            for (const { name, evaluate } of named)
                byName.set(name, evaluate(scope));
            if (spreadNamed !== null)
                mergeNamed(byName, defined(spreadNamed(scope)));
            return { positional: values, named: byName };
        };
    }
}
function mergeNamed(named, more) {
    if (!(more instanceof PyDict))
        errors_raise('TypeError', `argument after ** must be a mapping, not ${typeName(more)}`);
    for (const [key, value] of dictEntries(more)) {
        if (typeof key !== 'string')
            errors_raise('TypeError', 'keywords must be strings');
        if (named.has(key))
            errors_raise('TypeError', `got multiple values for keyword argument '${key}'`);
        named.set(key, value);
    }
}
function holds(evaluation, operator, a, b) {
    if (operator === 'in' || operator === 'not in')
        return isMember(evaluation, a, operand(b)) === (operator === 'in');
    const left = operand(a);
    const right = operand(b);
    switch (operator) {
        case '==':
            return equals(evaluation, left, right);
        case '!=':
            return !equals(evaluation, left, right);
        default:
            return compare(evaluation, operator, left, right);
    }
}
// What cannot contain anything says so before the item is looked at, undefined or not.
function isMember(evaluation, item, container) {
    const looks = isIterable(container) && typeof container !== 'string';
    return contains(evaluation, container, item instanceof Undefined && !looks ? item : operand(item));
}
function literalValue(literal) {
    switch (literal.type) {
        case 'none':
            return null;
        case 'boolean':
        case 'string':
            return literal.value;
        case 'integer':
            return values_makeInt(BigInt(literal.text));
        case 'float':
            return makeFloat(Number(literal.text));
        default:
            return literal;
    }
}

;// CONCATENATED MODULE: ./build/template/locate.js
// Turns what goes wrong inside a rendering into an error with a template, a line and a column.
// It refuses to swallow bugs: an exception it does not know passes through unchanged.


/** The error to throw instead: one that has a place keeps it, so the innermost place wins. */
function locateError(error, source, span) {
    if (error instanceof TemplateError)
        return error;
    if (error instanceof ExpressionError) {
        return templateErrorAt(error.type, error.message, source, span.start, span.end);
    }
    if (isStackOverflow(error)) {
        return templateErrorAt('LimitError', 'calls nested too deeply', source, span.start, span.end);
    }
    return error;
}
/** True for the exception that V8 throws when the stack is full. */
function isStackOverflow(error) {
    return error instanceof RangeError && error.message.includes('call stack');
}

;// CONCATENATED MODULE: ./build/template/frame.js
// What compiling any statement needs: the frame it stands in, expressions with their place, assignments.
// It refuses to know one statement from another.








/** A frame inside another: neither top level, nor a different part of the template. */
function inside(frame, symbols) {
    return { symbols, top: false, root: frame.root };
}
/** Compiles how a frame is entered, and notes what it takes from the context. */
function enterFrame(links, symbols) {
    for (const name of symbols.contextNames())
        links.noteName(name);
    return compileEnter(symbols);
}
/** Places of one template that hand their names on to another. */
const MAX_HAND_OVERS = 1_000;
/** The compiler's tools for one template or block. */
class FrameTools {
    links;
    handOvers = 0;
    constructor(links) {
        this.links = links;
    }
    expression(frame, expression) {
        return compile_expression_compileExpression(this.links, frame.symbols, expression);
    }
    /** Gives the errors of a closure their place. */
    placed(span, work) {
        const { source } = this.links;
        return (...args) => {
            try {
                return work(...args);
            }
            catch (error) {
                throw locateError(error, source, span);
            }
        };
    }
    /** An expression whose errors are placed at it. */
    placedExpression(frame, expression) {
        return this.placed(expression, this.expression(frame, expression));
    }
    fail(message, span) {
        throw templateErrorAt('TemplateAssertionError', message, this.links.source, span.start);
    }
    /** A template that extends another writes nothing outside its blocks. */
    unlessExtended(frame, write) {
        if (!frame.root || !this.links.extendsAny)
            return write;
        return (scope, out) => {
            if (scope.run.parent === null)
                write(scope, out);
        };
    }
    /** The names set in a frame and around it, with their values: what another template gets to see. */
    compileLocals(symbols) {
        if (++this.handOvers > MAX_HAND_OVERS)
            raiseLimit(`more than ${MAX_HAND_OVERS} uses of other templates`);
        const reads = [...symbols.storedNames().keys()].map((name) => ({
            name,
            read: compileRead(symbols, name),
        }));
        return (scope) => {
            spend(scope.run.evaluation, reads.length);
            const locals = new Map();
            for (const { name, read } of reads) {
                const value = read(scope);
                if (value !== undefined)
                    locals.set(name, value);
            }
            return locals;
        };
    }
    compileAssign(frame, target) {
        switch (target.kind) {
            case 'name': {
                const { slot } = locate(frame.symbols, target.name);
                const { name } = target;
                if (!frame.top) {
                    return (scope, value) => {
                        scope.slots[slot] = value;
                    };
                }
                return (scope, value) => {
                    scope.slots[slot] = value;
                    scope.run.context.own.set(name, value);
                    if (!name.startsWith('_'))
                        scope.run.context.exported.add(name);
                };
            }
            case 'namespace': {
                const read = compileRead(frame.symbols, target.name);
                return (scope, value) => {
                    const object = read(scope);
                    if (!(object instanceof Namespace)) {
                        errors_raise('TemplateRuntimeError', 'cannot assign attribute on non-namespace object');
                    }
                    object.fields.set(target.attribute, value);
                };
            }
            case 'tuple': {
                const assigns = target.items.map((item) => this.compileAssign(frame, item));
                return (scope, value) => {
                    const values = unpack(scope.run.evaluation, defined(value), assigns.length);
                    assigns.forEach((assign, i) => {
                        assign(scope, values[i]);
                    });
                };
            }
            default:
                return target;
        }
    }
}

;// CONCATENATED MODULE: ./build/template/names.js
/** True for what may take an undefined value as it is: the filter `default`, and tests such as `is defined`, `is none`. */
function bearsAbsence({ kind, name }) {
    return kind === 'test' || name === 'default' || name === 'd';
}
/** Visits the names of an expression. */
function visitExpression(expression, visitor) {
    const visit = (child) => {
        if (child !== null)
            visitExpression(child, visitor);
    };
    switch (expression.kind) {
        case 'literal':
            return;
        case 'name':
            visitor.read(expression.name, expression, false);
            return;
        case 'tuple':
        case 'list':
            expression.items.forEach(visit);
            return;
        case 'dict':
            for (const pair of expression.pairs)
                pair.forEach(visit);
            return;
        case 'binary':
        case 'logic':
            visit(expression.left);
            visit(expression.right);
            return;
        case 'unary':
            visit(expression.operand);
            return;
        case 'concat':
            expression.parts.forEach(visit);
            return;
        case 'compare':
            visit(expression.first);
            for (const { operand } of expression.rest)
                visit(operand);
            return;
        case 'conditional':
            visit(expression.test);
            visit(expression.value);
            visit(expression.otherwise);
            return;
        case 'attribute':
            visit(expression.object);
            return;
        case 'item':
            visit(expression.object);
            visit(expression.index);
            return;
        case 'slice':
            visit(expression.from);
            visit(expression.to);
            visit(expression.step);
            return;
        case 'call':
            visit(expression.callee);
            visitArguments(expression.args, visitor);
            return;
        case 'filter':
        case 'test':
            if (expression.value?.kind === 'name' && bearsAbsence(expression)) {
                visitor.read(expression.value.name, expression.value, true);
            }
            else
                visit(expression.value);
            visitArguments(expression.args, visitor);
            return;
        default:
            expression;
    }
}
/** Visits the names of a call's arguments. */
function visitArguments(args, visitor) {
    for (const value of args.positional)
        visitExpression(value, visitor);
    for (const { value } of args.named)
        visitExpression(value, visitor);
    if (args.spread !== null)
        visitExpression(args.spread, visitor);
    if (args.spreadNamed !== null)
        visitExpression(args.spreadNamed, visitor);
}
/** Visits the names of an assignment's target; a namespace is read, not written. */
function visitTarget(target, visitor) {
    switch (target.kind) {
        case 'name':
            visitor.write(target.name);
            return;
        case 'namespace':
            visitor.read(target.name, target, false);
            return;
        case 'tuple':
            for (const item of target.items)
                visitTarget(item, visitor);
            return;
        default:
            target;
    }
}
/** True when the statements read the name before they write it; blocks are not looked into. */
function readsFirst(statements, wanted) {
    let answer = null;
    const visitor = {
        read(name) {
            if (name === wanted)
                answer ??= true;
        },
        write(name) {
            if (name === wanted)
                answer ??= false;
        },
    };
    for (const statement of statements)
        visitEverything(statement, visitor);
    return answer === true;
}
/** Visits the names of a statement and of all below it; blocks are not looked into. */
function visitEverything(statement, visitor) {
    const visitAll = (body) => {
        for (const child of body)
            visitEverything(child, visitor);
    };
    switch (statement.kind) {
        case 'text':
        case 'block':
            return;
        case 'output':
            visitExpression(statement.expression, visitor);
            return;
        case 'if':
            for (const { test, body } of statement.branches) {
                visitExpression(test, visitor);
                visitAll(body);
            }
            visitAll(statement.otherwise);
            return;
        case 'for':
            visitTarget(statement.target, visitor);
            visitExpression(statement.items, visitor);
            visitAll(statement.body);
            visitAll(statement.otherwise);
            if (statement.filter !== null)
                visitExpression(statement.filter, visitor);
            return;
        case 'set':
            visitTarget(statement.target, visitor);
            visitExpression(statement.value, visitor);
            return;
        case 'setBlock':
            visitTarget(statement.target, visitor);
            if (statement.filter !== null)
                visitExpression(statement.filter, visitor);
            visitAll(statement.body);
            return;
        case 'macro':
        case 'callBlock':
            if (statement.kind === 'callBlock')
                visitExpression(statement.call, visitor);
            for (const { name, fallback } of statement.definition.parameters) {
                visitor.write(name);
                if (fallback !== null)
                    visitExpression(fallback, visitor);
            }
            visitAll(statement.definition.body);
            return;
        case 'filterBlock':
            visitAll(statement.body);
            visitExpression(statement.filter, visitor);
            return;
        case 'with':
            for (const { target } of statement.bindings)
                visitTarget(target, visitor);
            for (const { value } of statement.bindings)
                visitExpression(value, visitor);
            visitAll(statement.body);
            return;
        case 'scope':
            visitAll(statement.body);
            return;
        case 'extends':
        case 'include':
        case 'import':
        case 'from':
            visitExpression(statement.template, visitor);
            return;
        default:
            statement;
    }
}

;// CONCATENATED MODULE: ./build/template/symbols.js
// Decides, before anything runs, where each name of a frame lives: a slot of this frame, of an outer one, or the context.
// The rules are Jinja's, oddities included: a name that is set anywhere in a frame belongs to the frame as a whole.


/** Names of one frame. */
const MAX_NAMES = 2_000;
/** The slots of one frame: a number for each name that lives there. */
class Layout {
    slots = new Map();
    slotOf(name) {
        let slot = this.slots.get(name);
        if (slot === undefined) {
            slot = this.slots.size;
            if (slot >= MAX_NAMES)
                raiseLimit(`more than ${MAX_NAMES} names in one part of a template`);
            this.slots.set(name, slot);
        }
        return slot;
    }
}
/** The names of one frame, after what stands in it was analysed. */
class Symbols {
    parent;
    layout;
    /** For a branch of an `if`: the symbols it began with. It holds only what it adds to them. */
    base;
    references = new Map();
    firstLoads = new Map();
    stored = new Set();
    constructor(parent, base = null) {
        this.parent = parent;
        this.base = base;
        this.layout = base === null ? new Layout() : base.layout;
    }
    /** Slot and first value of every name of this frame. */
    get loads() {
        return this.firstLoads;
    }
    /** Where the name lives, or undefined when neither this frame nor an outer one knows it. */
    find(name) {
        return this.findOwn(name) ?? this.parent?.find(name);
    }
    findOwn(name) {
        return this.references.get(name) ?? this.base?.findOwn(name);
    }
    isStored(name) {
        return this.stored.has(name) || this.base?.isStored(name) === true;
    }
    firstLoad(slot) {
        return this.firstLoads.get(slot) ?? this.base?.firstLoad(slot);
    }
    /** Makes the name a parameter: it has a value when the frame is entered. */
    declare(name) {
        this.stored.add(name);
        return this.define(name, { from: 'parameter' });
    }
    /** The names this frame cannot do without the context for. */
    contextNames() {
        return [...this.firstLoads.values()].flatMap((load) => load.from === 'context' && !load.assigned ? [load.name] : []);
    }
    /** The names set in this frame or an outer one, with their places: what an included template gets to see. */
    storedNames() {
        const names = new Map();
        for (let symbols = this; symbols !== null; symbols = symbols.parent) {
            for (const name of symbols.stored) {
                const reference = this.find(name);
                if (reference !== undefined && !names.has(name))
                    names.set(name, reference);
            }
        }
        return names;
    }
    define(name, load) {
        const slot = this.layout.slotOf(name);
        const reference = { layout: this.layout, slot };
        this.references.set(name, reference);
        this.firstLoads.set(slot, load);
        return reference;
    }
    load(name) {
        if (this.find(name) === undefined)
            this.define(name, { from: 'context', name, assigned: false });
    }
    store(name) {
        this.stored.add(name);
        if (this.findOwn(name) !== undefined)
            return;
        const outer = this.parent?.find(name);
        this.define(name, outer === undefined ? { from: 'nothing' } : { from: 'outer', reference: outer });
    }
    /** Takes the branches of an `if` in: a name that only some of them set keeps its outer value in the others. */
    merge(branches) {
        const added = new Set();
        for (const branch of branches) {
            for (const name of branch.stored)
                if (!this.isStored(name))
                    added.add(name);
        }
        for (const branch of branches) {
            for (const [name, reference] of branch.references)
                this.references.set(name, reference);
            for (const [slot, load] of branch.firstLoads)
                this.firstLoads.set(slot, load);
            for (const name of branch.stored)
                this.stored.add(name);
        }
        for (const name of added) {
            const outer = this.parent?.find(name);
            const { slot } = this.find(name);
            const before = this.firstLoad(slot);
            const assigned = before?.from !== 'context' || before.assigned;
            this.firstLoads.set(slot, outer === undefined ? { from: 'context', name, assigned } : { from: 'outer', reference: outer });
        }
    }
    names = {
        read: (name) => this.load(name),
        write: (name) => this.store(name),
    };
    /** Analyses statements that stand directly in this frame. */
    analyze(statements) {
        for (const statement of statements)
            this.analyzeStatement(statement);
    }
    /** Analyses an expression that is evaluated in this frame. */
    analyzeExpression(expression) {
        visitExpression(expression, this.names);
    }
    /** Declares every name of a target as a parameter of this frame. */
    declareTarget(target) {
        visitTarget(target, { read: (name) => this.load(name), write: (name) => void this.declare(name) });
    }
    /** Analyses a macro: its parameters, their defaults and its body. */
    analyzeMacro(definition) {
        for (const { name } of definition.parameters)
            this.declare(name);
        for (const { fallback } of definition.parameters)
            if (fallback !== null)
                this.analyzeExpression(fallback);
        this.analyze(definition.body);
    }
    /** Analyses a loop's target and body. */
    analyzeLoop(loop) {
        this.declareTarget(loop.target);
        this.analyze(loop.body);
    }
    analyzeStatement(statement) {
        switch (statement.kind) {
            // What has a frame of its own is analysed when that frame is made.
            case 'text':
            case 'scope':
            case 'block':
                return;
            case 'output':
                this.analyzeExpression(statement.expression);
                return;
            case 'if':
                this.analyzeIf(statement);
                return;
            case 'for':
                this.analyzeExpression(statement.items);
                return;
            case 'set':
                this.analyzeExpression(statement.value);
                visitTarget(statement.target, this.names);
                return;
            case 'setBlock':
                visitTarget(statement.target, this.names);
                return;
            case 'macro':
                this.store(statement.definition.name ?? '');
                return;
            case 'callBlock':
                this.analyzeExpression(statement.call);
                return;
            case 'filterBlock':
                this.analyzeExpression(statement.filter);
                return;
            case 'with':
                for (const { value } of statement.bindings)
                    this.analyzeExpression(value);
                return;
            case 'extends':
            case 'include':
                this.analyzeExpression(statement.template);
                return;
            case 'import':
                this.analyzeExpression(statement.template);
                this.store(statement.alias);
                return;
            case 'from':
                this.analyzeExpression(statement.template);
                for (const { alias } of statement.names)
                    this.store(alias);
                return;
            default:
                statement;
        }
    }
    analyzeIf(statement) {
        const [first, ...elifs] = statement.branches;
        this.analyzeExpression(first.test);
        const body = new Symbols(this.parent, this);
        body.analyze(first.body);
        const others = new Symbols(this.parent, this);
        for (const branch of elifs)
            others.analyzeIf({ ...statement, branches: [branch], otherwise: [] });
        const otherwise = new Symbols(this.parent, this);
        otherwise.analyze(statement.otherwise);
        this.merge([body, others, otherwise]);
    }
}

;// CONCATENATED MODULE: ./build/template/tree.js
/** Every block of a template, nested ones too, in order. */
function findBlocks(statements) {
    return statements.flatMap((statement) => {
        switch (statement.kind) {
            case 'block':
                return [statement, ...findBlocks(statement.body)];
            case 'if':
                return findBlocks([...statement.branches.flatMap(({ body }) => body), ...statement.otherwise]);
            case 'for':
                return findBlocks([...statement.body, ...statement.otherwise]);
            case 'macro':
            case 'callBlock':
                return findBlocks(statement.definition.body);
            case 'setBlock':
            case 'filterBlock':
            case 'with':
            case 'scope':
                return findBlocks(statement.body);
            default:
                return [];
        }
    });
}
/** True when some block inside is `scoped`. */
function hasScopedBlock(statements) {
    return findBlocks(statements).some((block) => block.scoped);
}
/** The names a target assigns to. */
function tree_targetNames(target) {
    return target.kind === 'tuple' ? target.items.flatMap(tree_targetNames) : [target.name];
}

;// CONCATENATED MODULE: ./build/template/compile-statement.js
// Turns statements into closures that write text, frame by frame, with the scoping rules of Jinja.
// It refuses to reach other templates: `compile-links.ts` does that.











/** Compiles the root of a template. */
function compileRoot(links, statements) {
    const compiler = new StatementCompiler(links);
    const symbols = new Symbols(null);
    const self = readsFirst(statements, 'self') ? symbols.declare('self') : null;
    symbols.analyze(statements);
    const write = compiler.compileBody({ symbols, top: true, root: true }, statements);
    return {
        enter: withSelf(enterFrame(links, symbols), self, null, null),
        write,
        provides: symbols.storedNames(),
    };
}
/** Compiles a block; its frame is not inside the template's. */
function compileBlock(links, block) {
    const compiler = new StatementCompiler(links);
    const symbols = new Symbols(null);
    const self = readsFirst(block.body, 'self') ? symbols.declare('self') : null;
    const parent = readsFirst(block.body, 'super') ? symbols.declare('super') : null;
    symbols.analyze(block.body);
    const write = compiler.compileBody({ symbols, top: false, root: false }, block.body);
    return {
        enter: withSelf(enterFrame(links, symbols), self, parent, block.name),
        write,
        provides: new Map(),
    };
}
function withSelf(enterPlain, self, parent, block) {
    if (self === null && parent === null)
        return enterPlain;
    return (outer, run) => {
        const scope = enterPlain(outer, run);
        if (self !== null) {
            scope.slots[self.slot] = new TemplateReference((name) => {
                return run.context.blocks.has(name) ? referTo(run.context, name, 0) : undefined;
            });
        }
        if (parent !== null)
            scope.slots[parent.slot] = referTo(run.context, block, run.level + 1);
        return scope;
    };
}
class StatementCompiler {
    tools;
    constructor(links) {
        this.tools = new FrameTools(links);
    }
    compileBody(frame, statements) {
        const parts = statements.map((statement) => this.compileStatement(frame, statement));
        return (scope, out) => {
            spend(scope.run.evaluation, parts.length);
            for (const part of parts)
                part(scope, out);
        };
    }
    compileStatement(frame, statement) {
        switch (statement.kind) {
            case 'text': {
                const { text } = statement;
                return this.tools.unlessExtended(frame, (_, out) => out.write(text));
            }
            case 'output': {
                const evaluate = this.tools.expression(frame, statement.expression);
                return this.tools.unlessExtended(frame, this.tools.placed(statement, (scope, out) => out.write(toText(scope.run.evaluation, evaluate(scope)))));
            }
            case 'if':
                return this.compileIf(frame, statement);
            case 'for':
                return this.compileFor(frame, statement);
            case 'set': {
                const evaluate = this.tools.expression(frame, statement.value);
                const assign = this.tools.compileAssign(frame, statement.target);
                return this.tools.placed(statement, (scope) => assign(scope, evaluate(scope)));
            }
            case 'setBlock':
                return this.compileSetBlock(frame, statement);
            case 'macro': {
                const make = this.compileMacro(frame, statement.definition);
                const assign = this.tools.compileAssign(frame, {
                    ...statement,
                    kind: 'name',
                    name: statement.definition.name,
                });
                return (scope) => assign(scope, make(scope));
            }
            case 'callBlock': {
                const make = this.compileMacro(frame, statement.definition);
                const call = compileCallWithCaller(this.tools.links, frame.symbols, statement.call);
                return this.tools.placed(statement.call, (scope, out) => {
                    out.write(toText(scope.run.evaluation, call(scope, make(scope))));
                });
            }
            case 'filterBlock':
                return this.compileFilterBlock(frame, statement);
            case 'with':
                return this.compileWith(frame, statement);
            case 'scope': {
                const symbols = new Symbols(frame.symbols);
                symbols.analyze(statement.body);
                const write = this.compileBody(inside(frame, symbols), statement.body);
                const enterScope = enterFrame(this.tools.links, symbols);
                return (scope, out) => write(enterScope(scope, scope.run), out);
            }
            case 'block':
                return compileBlockUse(this.tools, frame, statement);
            case 'extends':
                return compileExtends(this.tools, frame, statement);
            case 'include':
                return compileInclude(this.tools, frame, statement);
            case 'import':
                return compileImport(this.tools, frame, statement);
            case 'from':
                return compileFrom(this.tools, frame, statement);
            default:
                return statement;
        }
    }
    compileIf(frame, statement) {
        const branches = statement.branches.map(({ test, body }) => {
            const evaluate = this.tools.expression(frame, test);
            return {
                holds: this.tools.placed(test, (scope) => {
                    spend(scope.run.evaluation, 1);
                    return isTrue(evaluate(scope));
                }),
                write: this.compileBody(frame, body),
            };
        });
        const otherwise = this.compileBody(frame, statement.otherwise);
        return (scope, out) => {
            const branch = branches.find(({ holds }) => holds(scope));
            (branch?.write ?? otherwise)(scope, out);
        };
    }
    compileFor(frame, statement) {
        const symbols = new Symbols(frame.symbols);
        const usesLoop = statement.recursive || readsFirst(statement.body, 'loop') || hasScopedBlock(statement.body);
        if (tree_targetNames(statement.target).includes('loop')) {
            this.tools.fail("Can't assign to special loop variable in for-loop target", statement.target);
        }
        const loopSlot = usesLoop ? symbols.declare('loop').slot : null;
        symbols.analyzeLoop(statement);
        const body = inside(frame, symbols);
        const assign = this.tools.placed(statement.target, this.tools.compileAssign(body, statement.target));
        const write = this.compileBody(body, statement.body);
        const otherwise = this.compileInner(frame, statement.otherwise);
        const enterScope = enterFrame(this.tools.links, symbols);
        const itemsOf = this.tools.placed(statement.items, (scope, value) => toItems(scope.run.evaluation, defined(value)));
        const keep = statement.filter === null ? null : this.compileLoopFilter(frame, statement, statement.filter);
        const run = (scope, out, value, depth) => {
            const { evaluation } = scope.run;
            let items = itemsOf(scope, value);
            if (keep !== null)
                items = items.filter((item) => keep(scope, item));
            if (items.length === 0)
                otherwise(scope, out);
            const recurse = statement.recursive
                ? (inner, innerDepth) => {
                    const text = new Output(evaluation);
                    run(scope, text, inner, innerDepth);
                    return text.text;
                }
                : null;
            const loop = loopSlot === null ? null : new Loop(evaluation, items, depth, recurse);
            for (let i = 0; i < items.length; i++) {
                spend(evaluation, 1);
                const pass = enterScope(scope, scope.run);
                if (loop !== null) {
                    loop.index = i;
                    pass.slots[loopSlot] = loop;
                }
                assign(pass, items[i]);
                write(pass, out);
            }
        };
        const evaluate = this.tools.placedExpression(frame, statement.items);
        return (scope, out) => run(scope, out, evaluate(scope), 0);
    }
    compileLoopFilter(frame, statement, filter) {
        const symbols = new Symbols(frame.symbols);
        symbols.declareTarget(statement.target);
        symbols.analyzeExpression(filter);
        const test = inside(frame, symbols);
        const assign = this.tools.compileAssign(test, statement.target);
        const evaluate = this.tools.expression(test, filter);
        const enterScope = enterFrame(this.tools.links, symbols);
        return this.tools.placed(filter, (scope, item) => {
            const pass = enterScope(scope, scope.run);
            assign(pass, item);
            return isTrue(evaluate(pass));
        });
    }
    /** Statements with a frame of their own and nothing declared in it. */
    compileInner(frame, statements) {
        if (statements.length === 0)
            return () => { };
        const symbols = new Symbols(frame.symbols);
        symbols.analyze(statements);
        const write = this.compileBody(inside(frame, symbols), statements);
        const enterScope = enterFrame(this.tools.links, symbols);
        return (scope, out) => write(enterScope(scope, scope.run), out);
    }
    compileSetBlock(frame, statement) {
        const symbols = new Symbols(frame.symbols);
        symbols.analyze(statement.body);
        if (statement.filter !== null)
            symbols.analyzeExpression(statement.filter);
        const write = this.compileBody({ symbols, top: false, root: false }, statement.body);
        const filter = statement.filter === null ? null : compileBodyFilter(this.tools.links, symbols, statement.filter);
        const assign = this.tools.compileAssign(frame, statement.target);
        const enterScope = enterFrame(this.tools.links, symbols);
        const finish = this.tools.placed(statement.filter ?? statement, (scope, inner, text) => {
            assign(scope, filter === null ? text : filter(inner, text));
        });
        return (scope) => {
            const inner = enterScope(scope, scope.run);
            const out = new Output(scope.run.evaluation);
            write(inner, out);
            finish(scope, inner, out.text);
        };
    }
    compileFilterBlock(frame, statement) {
        const symbols = new Symbols(frame.symbols);
        symbols.analyze(statement.body);
        symbols.analyzeExpression(statement.filter);
        const write = this.compileBody(inside(frame, symbols), statement.body);
        const filter = compileBodyFilter(this.tools.links, symbols, statement.filter);
        const enterScope = enterFrame(this.tools.links, symbols);
        const finish = this.tools.placed(statement.filter, (inner, text, out) => {
            out.write(toText(inner.run.evaluation, filter(inner, text)));
        });
        return (scope, out) => {
            const inner = enterScope(scope, scope.run);
            const body = new Output(scope.run.evaluation);
            write(inner, body);
            finish(inner, body.text, out);
        };
    }
    compileWith(frame, statement) {
        const symbols = new Symbols(frame.symbols);
        for (const { target } of statement.bindings)
            symbols.declareTarget(target);
        symbols.analyze(statement.body);
        const inner = inside(frame, symbols);
        const bindings = statement.bindings.map(({ target, value }) => ({
            assign: this.tools.placed(target, this.tools.compileAssign(inner, target)),
            evaluate: this.tools.placedExpression(frame, value),
        }));
        const write = this.compileBody(inner, statement.body);
        const enterScope = enterFrame(this.tools.links, symbols);
        return (scope, out) => {
            const pass = enterScope(scope, scope.run);
            for (const { assign, evaluate } of bindings)
                assign(pass, evaluate(scope));
            write(pass, out);
        };
    }
    compileMacro(frame, definition) {
        const { body } = definition;
        const parameters = definition.parameters.map(({ name }) => name);
        const uses = (name) => readsFirst(body, name) && !parameters.includes(name);
        const explicitCaller = definition.parameters.find(({ name }) => name === 'caller');
        if (explicitCaller !== undefined && explicitCaller.fallback === null && readsFirst(body, 'caller')) {
            this.tools.fail('the parameter "caller" must be left out or be given a default', explicitCaller);
        }
        const shape = {
            name: definition.name,
            parameters,
            usesCaller: uses('caller'),
            usesKwargs: uses('kwargs'),
            usesVarargs: uses('varargs'),
        };
        const symbols = new Symbols(frame.symbols);
        const extras = ['caller', 'kwargs', 'varargs']
            .filter((name) => name === 'caller' ? shape.usesCaller : name === 'kwargs' ? shape.usesKwargs : shape.usesVarargs)
            .map((name) => ({ name, slot: symbols.declare(name).slot }));
        symbols.analyzeMacro(definition);
        const inner = { symbols, top: false, root: false };
        const slots = definition.parameters.map(({ name, fallback }) => ({
            name,
            slot: locate(symbols, name).slot,
            fallback: fallback === null ? null : this.tools.placedExpression(inner, fallback),
        }));
        const write = this.compileBody(inner, body);
        const enterScope = enterFrame(this.tools.links, symbols);
        return (scope) => new Macro(shape, (values, given) => {
            const pass = enterScope(scope, scope.run);
            for (const { name, slot } of extras)
                pass.slots[slot] = given[name];
            slots.forEach(({ slot }, i) => {
                pass.slots[slot] = values[i];
            });
            for (const { name, slot, fallback } of slots) {
                if (pass.slots[slot] !== undefined)
                    continue;
                pass.slots[slot] =
                    fallback === null ? new Undefined(`parameter '${name}' was not provided`) : fallback(pass);
            }
            const out = new Output(scope.run.evaluation);
            write(pass, out);
            return out.text;
        });
    }
}

;// CONCATENATED MODULE: ./build/template/lexer.js
// Cuts a template into text and tags, and tags into tokens, with Jinja's whitespace control applied.
// It refuses to know the grammar: brackets must balance (they decide where a tag ends), nothing more.

// Python's idea of white space differs from JavaScript's in six characters.
const lexer_SPACE = '[ \\t\\n\\r\\f\\v\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING_SPACE = new RegExp(`^${lexer_SPACE}+`);
const WHITE = new RegExp(`${lexer_SPACE}*`, 'y');
const TOKEN = new RegExp([
    `(?<space>${lexer_SPACE}+)`,
    '(?<float>(?<!\\.)(?:\\d+_)*\\d+(?:\\.(?:\\d+_)*\\d+(?:[eE][+-]?(?:\\d+_)*\\d+)?|[eE][+-]?(?:\\d+_)*\\d+))',
    '(?<integer>0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\\da-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*)',
    '(?<name>[\\p{XID_Start}_][\\p{XID_Continue}]*)',
    '(?<string>\'(?:[^\'\\\\]|\\\\[\\s\\S])*\'|"(?:[^"\\\\]|\\\\[\\s\\S])*")',
    '(?<operator>\\*\\*|//|==|!=|<=|>=|[-+*/%~\\[\\](){}<>=.,:|;])',
].join('|'), 'uy');
const CLOSER = { '(': ')', '[': ']', '{': '}' };
/** Cuts the whole template; the last token is `end`. Throws TemplateError. */
function tokenize(source) {
    return new lexer_Lexer(source).run();
}
class lexer_Lexer {
    source;
    text;
    tokens = [];
    at = 0;
    open = [];
    constructor(source) {
        this.source = source;
        this.text = source.text;
    }
    run() {
        const opener = /\{[%#{]/g;
        while (this.at < this.text.length) {
            opener.lastIndex = this.at;
            const start = opener.exec(this.text)?.index ?? this.text.length;
            const sign = this.text[start + 2];
            this.pushText(this.at, start, sign === '-');
            this.at = start;
            if (start === this.text.length)
                break;
            const inside = start + (sign === '-' || sign === '+' ? 3 : 2);
            if (this.text[start + 1] === '#')
                this.readComment(start, inside);
            else if (this.text[start + 1] === '{')
                this.readTag(start, inside, 'output');
            else if (!this.readRaw(start, inside))
                this.readTag(start, inside, 'tag');
        }
        this.tokens.push({ kind: 'end', start: this.text.length, end: this.text.length });
        return this.tokens;
    }
    fail(message, at) {
        throw templateErrorAt('TemplateSyntaxError', message, this.source, at);
    }
    pushText(start, end, strip) {
        let text = this.text.slice(start, end);
        if (strip)
            text = trimEnd(text);
        if (text !== '')
            this.tokens.push({ kind: 'text', text, start, end });
    }
    readComment(start, inside) {
        const close = this.text.indexOf('#}', inside);
        if (close < 0) {
            // Jinja reads an opener that is the very last thing of the file as an empty comment.
            if (inside < this.text.length)
                this.fail('Missing end of comment tag', start);
            this.at = this.text.length;
            return;
        }
        const trims = close > inside && this.text[close - 1] === '-';
        this.at = trims ? this.skipSpace(close + 2) : close + 2;
    }
    readRaw(start, inside) {
        const begin = new RegExp(`${lexer_SPACE}*raw${lexer_SPACE}*(-?)%\\}`, 'y');
        begin.lastIndex = inside;
        const opened = begin.exec(this.text);
        if (opened === null)
            return false;
        const from = opened[1] === '-' ? this.skipSpace(begin.lastIndex) : begin.lastIndex;
        const finish = new RegExp(`\\{%([-+]?)${lexer_SPACE}*endraw${lexer_SPACE}*([-+]?)%\\}`, 'g');
        finish.lastIndex = from;
        const closed = finish.exec(this.text);
        if (closed === null)
            this.fail('Missing end of raw directive', start);
        this.pushText(from, closed.index, closed[1] === '-');
        this.at = closed[2] === '-' ? this.skipSpace(finish.lastIndex) : finish.lastIndex;
        return true;
    }
    readTag(start, inside, kind) {
        this.tokens.push({ kind: `${kind}Start`, start, end: inside });
        this.at = inside;
        while (this.at < this.text.length) {
            if (this.open.length === 0 && this.readTagEnd(kind))
                return;
            this.readToken();
        }
    }
    readTagEnd(kind) {
        const start = this.at;
        const sign = this.text[start];
        const signed = sign === '-' || (sign === '+' && kind === 'tag');
        const close = signed ? start + 1 : start;
        if (!this.text.startsWith(kind === 'tag' ? '%}' : '}}', close))
            return false;
        const end = close + 2;
        this.tokens.push({ kind: `${kind}End`, start, end });
        this.at = sign === '-' ? this.skipSpace(end) : end;
        return true;
    }
    readToken() {
        const start = this.at;
        TOKEN.lastIndex = start;
        const match = TOKEN.exec(this.text);
        if (match === null)
            this.fail(`unexpected char ${quoteChar(this.text, start)} at ${start}`, start);
        const end = TOKEN.lastIndex;
        this.at = end;
        const { space, name, float, integer, string, operator } = match.groups;
        if (space !== undefined)
            return;
        if (name !== undefined)
            this.tokens.push({ kind: 'name', text: name, start, end });
        else if (float !== undefined)
            this.tokens.push({ kind: 'float', text: float.replaceAll('_', ''), start, end });
        else if (integer !== undefined)
            this.tokens.push({ kind: 'integer', text: integer.replaceAll('_', ''), start, end });
        else if (string !== undefined)
            this.tokens.push({ kind: 'string', text: this.unescape(string.slice(1, -1), start), start, end });
        else if (operator !== undefined) {
            this.balance(operator, start);
            this.tokens.push({ kind: 'operator', text: operator, start, end });
        }
    }
    balance(operator, at) {
        const closer = CLOSER[operator];
        if (closer !== undefined)
            this.open.push(closer);
        else if (operator === ')' || operator === ']' || operator === '}') {
            const expected = this.open.pop();
            if (expected === undefined)
                this.fail(`unexpected '${operator}'`, at);
            if (expected !== operator)
                this.fail(`unexpected '${operator}', expected '${expected}'`, at);
        }
    }
    skipSpace(from) {
        WHITE.lastIndex = from;
        WHITE.exec(this.text);
        return WHITE.lastIndex;
    }
    unescape(body, at) {
        return body.replace(/\\(?:x([\s\S]{0,2})|u([\s\S]{0,4})|U([\s\S]{0,8})|([0-7]{1,3})|(N\{[^}]*\}|N)|([\s\S]))/g, (whole, x, u, U, octal, named, other) => {
            if (octal !== undefined)
                return String.fromCodePoint(Number.parseInt(octal, 8));
            if (named !== undefined)
                this.fail('character names (\\N{...}) are not supported', at);
            if (other !== undefined)
                return SIMPLE_ESCAPE[other] ?? whole;
            const digits = x ?? u ?? U ?? '';
            const wanted = x !== undefined ? 2 : u !== undefined ? 4 : 8;
            const code = /^[\da-fA-F]+$/.test(digits) && digits.length === wanted ? Number.parseInt(digits, 16) : -1;
            if (code < 0)
                this.fail(`truncated \\${whole[1]} escape in a string`, at);
            if (code > 0x10ffff)
                this.fail('illegal Unicode character in a string', at);
            return String.fromCodePoint(code);
        });
    }
}
const SIMPLE_ESCAPE = Object.assign(Object.create(null), {
    n: '\n',
    t: '\t',
    r: '\r',
    '\\': '\\',
    "'": "'",
    '"': '"',
    '\n': '',
    a: '\x07',
    b: '\b',
    f: '\f',
    v: '\v',
});
/** The text without white space at its end, as Python's rstrip does it; linear in the length. */
function trimEnd(text) {
    let end = text.length;
    while (end > 0 && LEADING_SPACE.test(text[end - 1]))
        end--;
    return text.slice(0, end);
}
function quoteChar(text, at) {
    const char = String.fromCodePoint(text.codePointAt(at));
    return char === "'" ? `"'"` : `'${char}'`;
}

;// CONCATENATED MODULE: ./build/template/token-stream.js
// A cursor over a template's tokens, with the look-ahead and the complaints both parsers need.
// It refuses to build anything.

/** The tokens of one template and a place among them. */
class token_stream_TokenStream {
    source;
    tokens;
    index = 0;
    /** End of the token read last: where the node that is being built ends. */
    lastEnd = 0;
    constructor(source, tokens) {
        this.source = source;
        this.tokens = tokens;
    }
    get current() {
        return this.tokens[this.index];
    }
    /** The token after the current one. */
    get following() {
        return this.tokens[Math.min(this.index + 1, this.tokens.length - 1)];
    }
    advance() {
        const token = this.current;
        this.lastEnd = token.end;
        if (token.kind !== 'end')
            this.index++;
        return token;
    }
    isOperator(text) {
        const token = this.current;
        return token.kind === 'operator' && token.text === text;
    }
    isName(text) {
        return isNamed(this.current, text);
    }
    /** True when the next two tokens are these names. */
    areNames(first, second) {
        return isNamed(this.current, first) && isNamed(this.following, second);
    }
    skipOperator(text) {
        if (!this.isOperator(text))
            return false;
        this.advance();
        return true;
    }
    skipName(text) {
        if (!this.isName(text))
            return false;
        this.advance();
        return true;
    }
    expectOperator(text) {
        if (!this.skipOperator(text))
            throw this.error(`expected token '${text}', got ${describe(this.current)}`);
    }
    expectName(text) {
        if (!this.skipName(text))
            throw this.error(`expected token '${text}', got ${describe(this.current)}`);
    }
    /** Reads any name. */
    readName() {
        const token = this.current;
        if (token.kind !== 'name')
            throw this.error(`expected token 'name', got ${describe(token)}`);
        this.advance();
        return token;
    }
    /** The syntax error at the current token, or at the offset given; for the caller to throw. */
    error(message, at = this.current.start, type = 'TemplateSyntaxError') {
        return templateErrorAt(type, message, this.source, at);
    }
}
function isNamed(token, text) {
    return token.kind === 'name' && token.text === text;
}
/** A token in the words of a message. */
function describe(token) {
    switch (token.kind) {
        case 'end':
            return 'end of template';
        case 'tagStart':
            return "'begin of statement block'";
        case 'tagEnd':
            return "'end of statement block'";
        case 'outputStart':
            return "'begin of print statement'";
        case 'outputEnd':
            return "'end of print statement'";
        case 'text':
            return "'template data'";
        default:
            return `'${token.text}'`;
    }
}

;// CONCATENATED MODULE: ./build/template/parse-expression.js

/** How deeply expressions may nest. */
const MAX_NESTING = 80;
const CONSTANTS = new Map([
    ['true', { type: 'boolean', value: true }],
    ['True', { type: 'boolean', value: true }],
    ['false', { type: 'boolean', value: false }],
    ['False', { type: 'boolean', value: false }],
    ['none', { type: 'none' }],
    ['None', { type: 'none' }],
]);
const parse_expression_COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'];
/** Words that cannot begin the bare argument of a test. */
const NO_TEST_ARGUMENT = new Set(['else', 'or', 'and']);
/** True for the words that are constants and so cannot be assigned to. */
function isConstantName(name) {
    return CONSTANTS.has(name);
}
/** Reads expressions from a stream of tokens. */
class ExpressionParser {
    stream;
    depth = 0;
    constructor(stream) {
        this.stream = stream;
    }
    /**
     * One expression, or several with commas, which are a tuple. `conditional: false` leaves a following `if` alone;
     * `until` is a word that ends the tuple.
     */
    parseTuple(options = {}) {
        const { stream } = this;
        const start = stream.current.start;
        const items = [];
        let isTuple = false;
        while (!this.atTupleEnd(options.until)) {
            items.push(options.conditional === false ? this.parseOr() : this.parseExpression());
            if (!stream.skipOperator(','))
                break;
            isTuple = true;
        }
        if (!isTuple) {
            if (items.length > 0)
                return items[0];
            if (options.parenthesised !== true)
                throw stream.error(`Expected an expression, got ${describe(stream.current)}`);
        }
        return { kind: 'tuple', items, start, end: stream.lastEnd };
    }
    atTupleEnd(until) {
        const { stream } = this;
        const { kind } = stream.current;
        if (kind === 'outputEnd' || kind === 'tagEnd' || stream.isOperator(')'))
            return true;
        return until !== undefined && stream.isName(until);
    }
    /** One expression, an inline if included. */
    parseExpression() {
        const { stream } = this;
        this.deeper();
        const start = stream.current.start;
        let expression = this.parseOr();
        while (stream.skipName('if')) {
            const test = this.parseOr();
            const otherwise = stream.skipName('else') ? this.parseExpression() : null;
            expression = { kind: 'conditional', test, value: expression, otherwise, start, end: stream.lastEnd };
        }
        this.depth--;
        return expression;
    }
    deeper() {
        if (++this.depth > MAX_NESTING)
            throw this.stream.error('expression nested too deeply');
    }
    parseOr() {
        return this.parseLogic('or', () => this.parseLogic('and', () => this.parseNot()));
    }
    parseLogic(operator, next) {
        const { stream } = this;
        const start = stream.current.start;
        let left = next();
        while (stream.skipName(operator)) {
            const right = next();
            left = { kind: 'logic', operator, left, right, start, end: stream.lastEnd };
        }
        return left;
    }
    parseNot() {
        const { stream } = this;
        if (!stream.isName('not'))
            return this.parseCompare();
        const { start } = stream.advance();
        this.deeper();
        const operand = this.parseNot();
        this.depth--;
        return { kind: 'unary', operator: 'not', operand, start, end: stream.lastEnd };
    }
    parseCompare() {
        const { stream } = this;
        const start = stream.current.start;
        const first = this.parseSum();
        const rest = [];
        for (let operator = this.readComparison(); operator !== null; operator = this.readComparison()) {
            rest.push({ operator, operand: this.parseSum() });
        }
        return rest.length === 0 ? first : { kind: 'compare', first, rest, start, end: stream.lastEnd };
    }
    readComparison() {
        const { stream } = this;
        if (stream.skipName('in'))
            return 'in';
        if (stream.areNames('not', 'in')) {
            stream.advance();
            stream.advance();
            return 'not in';
        }
        return this.readOperator(parse_expression_COMPARISONS);
    }
    readOperator(operators) {
        const found = operators.find((operator) => this.stream.isOperator(operator));
        if (found === undefined)
            return null;
        this.stream.advance();
        return found;
    }
    parseSum() {
        return this.parseBinary(['+', '-'], () => this.parseConcat());
    }
    parseConcat() {
        const { stream } = this;
        const start = stream.current.start;
        const parts = [this.parseProduct()];
        while (stream.skipOperator('~'))
            parts.push(this.parseProduct());
        return parts.length === 1 ? parts[0] : { kind: 'concat', parts, start, end: stream.lastEnd };
    }
    parseProduct() {
        return this.parseBinary(['*', '/', '//', '%'], () => this.parsePower());
    }
    // Unlike Python, Jinja reads a chain of powers from the left: `2 ** 3 ** 2` is 64.
    parsePower() {
        return this.parseBinary(['**'], () => this.parseUnary(true));
    }
    parseBinary(operators, next) {
        const { stream } = this;
        const start = stream.current.start;
        let left = next();
        for (let operator = this.readOperator(operators); operator !== null; operator = this.readOperator(operators)) {
            const right = next();
            left = { kind: 'binary', operator, left, right, start, end: stream.lastEnd };
        }
        return left;
    }
    parseUnary(withFilters) {
        const { stream } = this;
        const start = stream.current.start;
        const operator = this.readOperator(['-', '+']);
        let node;
        if (operator === null) {
            node = this.parsePrimary();
        }
        else {
            this.deeper();
            const operand = this.parseUnary(false);
            this.depth--;
            node = { kind: 'unary', operator, operand, start, end: stream.lastEnd };
        }
        node = this.parsePostfix(node);
        return withFilters ? this.parseFiltersAndTests(node) : node;
    }
    parsePrimary() {
        const { stream } = this;
        const token = stream.current;
        const { start, end } = token;
        switch (token.kind) {
            case 'name': {
                stream.advance();
                const literal = CONSTANTS.get(token.text);
                return literal !== undefined
                    ? { kind: 'literal', literal, start, end }
                    : { kind: 'name', name: token.text, start, end };
            }
            case 'string': {
                let value = '';
                for (let next = stream.current; next.kind === 'string'; next = stream.current) {
                    value += next.text;
                    stream.advance();
                }
                return { kind: 'literal', literal: { type: 'string', value }, start, end: stream.lastEnd };
            }
            case 'integer':
            case 'float':
                stream.advance();
                return { kind: 'literal', literal: { type: token.kind, text: token.text }, start, end };
            case 'operator':
                if (token.text === '(')
                    return this.parseParenthesised();
                if (token.text === '[')
                    return this.parseList();
                if (token.text === '{')
                    return this.parseDict();
                break;
            default:
        }
        throw stream.error(`unexpected ${describe(token)}`);
    }
    parseParenthesised() {
        const { stream } = this;
        stream.advance();
        this.deeper();
        const inner = this.parseTuple({ parenthesised: true });
        this.depth--;
        stream.expectOperator(')');
        return inner;
    }
    parseList() {
        const { stream } = this;
        const { start } = stream.advance();
        const items = [];
        this.readSeparated(']', () => items.push(this.parseExpression()));
        return { kind: 'list', items, start, end: stream.lastEnd };
    }
    parseDict() {
        const { stream } = this;
        const { start } = stream.advance();
        const pairs = [];
        this.readSeparated('}', () => {
            const key = this.parseExpression();
            stream.expectOperator(':');
            pairs.push([key, this.parseExpression()]);
        });
        return { kind: 'dict', pairs, start, end: stream.lastEnd };
    }
    /** Reads elements with commas between them, one more comma allowed, up to and with the closer. */
    readSeparated(closer, readElement) {
        const { stream } = this;
        for (let first = true; !stream.isOperator(closer); first = false) {
            if (!first)
                stream.expectOperator(',');
            if (stream.isOperator(closer))
                break;
            readElement();
        }
        stream.expectOperator(closer);
    }
    parsePostfix(node) {
        const { stream } = this;
        for (;;) {
            if (stream.isOperator('.'))
                node = this.parseDot(node);
            else if (stream.isOperator('['))
                node = this.parseBrackets(node);
            else if (stream.isOperator('('))
                node = this.parseCall(node);
            else
                return node;
        }
    }
    parseFiltersAndTests(node) {
        const { stream } = this;
        for (;;) {
            if (stream.isOperator('|'))
                node = this.parseFilters(node);
            else if (stream.isName('is'))
                node = this.parseTest(node);
            else if (stream.isOperator('('))
                node = this.parseCall(node);
            else
                return node;
        }
    }
    parseDot(object) {
        const { stream } = this;
        const { start } = object;
        stream.advance();
        const token = stream.current;
        if (token.kind === 'name') {
            stream.advance();
            return { kind: 'attribute', object, name: token.text, start, end: token.end };
        }
        if (token.kind !== 'integer')
            throw stream.error('expected name or number');
        stream.advance();
        const index = {
            kind: 'literal',
            literal: { type: 'integer', text: token.text },
            start: token.start,
            end: token.end,
        };
        return { kind: 'item', object, index, start, end: token.end };
    }
    parseBrackets(object) {
        const { stream } = this;
        const opened = stream.advance();
        const indices = [];
        while (!stream.isOperator(']')) {
            if (indices.length > 0)
                stream.expectOperator(',');
            indices.push(this.parseSubscript());
        }
        stream.expectOperator(']');
        const index = indices.length === 1
            ? indices[0]
            : { kind: 'tuple', items: indices, start: opened.start, end: stream.lastEnd };
        return { kind: 'item', object, index, start: object.start, end: stream.lastEnd };
    }
    parseSubscript() {
        const { stream } = this;
        const start = stream.current.start;
        const from = stream.isOperator(':') ? null : this.parseExpression();
        if (from !== null && !stream.isOperator(':'))
            return from;
        stream.expectOperator(':');
        const ends = () => stream.isOperator(':') || stream.isOperator(']') || stream.isOperator(',');
        const to = ends() ? null : this.parseExpression();
        const step = stream.skipOperator(':') && !ends() ? this.parseExpression() : null;
        return { kind: 'slice', from, to, step, start, end: stream.lastEnd };
    }
    parseCall(callee) {
        const args = this.parseArguments();
        return { kind: 'call', callee, args, start: callee.start, end: this.stream.lastEnd };
    }
    parseArguments() {
        const { stream } = this;
        const opened = stream.current.start;
        const positional = [];
        const named = [];
        let spread = null;
        let spreadNamed = null;
        const ensure = (holds) => {
            if (!holds)
                throw stream.error('invalid syntax for function call expression', opened);
        };
        stream.expectOperator('(');
        this.readSeparated(')', () => {
            if (stream.isOperator('*')) {
                ensure(spread === null && spreadNamed === null);
                stream.advance();
                spread = this.parseExpression();
            }
            else if (stream.isOperator('**')) {
                ensure(spreadNamed === null);
                stream.advance();
                spreadNamed = this.parseExpression();
            }
            else if (this.atNamedArgument()) {
                ensure(spreadNamed === null);
                const { text: name, start } = stream.readName();
                if (named.some((other) => other.name === name)) {
                    throw stream.error(`keyword argument repeated: ${name}`, start);
                }
                stream.advance();
                named.push({ name, value: this.parseExpression() });
            }
            else {
                ensure(spread === null && spreadNamed === null && named.length === 0);
                positional.push(this.parseExpression());
            }
        });
        return { positional, named, spread, spreadNamed };
    }
    atNamedArgument() {
        const { current, following } = this.stream;
        return current.kind === 'name' && following.kind === 'operator' && following.text === '=';
    }
    /** A chain of `|filter`; `value` null means the body of a block. `bare` reads the first without its bar. */
    parseFilters(value, bare = false) {
        const { stream } = this;
        let node = null;
        for (let first = bare; first || stream.isOperator('|'); first = false) {
            if (!first)
                stream.advance();
            const { text: name, start } = this.readDottedName();
            const args = stream.isOperator('(') ? this.parseArguments() : NO_ARGUMENTS;
            const inner = node ?? value;
            node = { kind: 'filter', value: inner, name, args, start: inner?.start ?? start, end: stream.lastEnd };
        }
        return node;
    }
    readDottedName() {
        const first = this.stream.readName();
        let text = first.text;
        while (this.stream.skipOperator('.'))
            text += `.${this.stream.readName().text}`;
        return { text, start: first.start };
    }
    parseTest(value) {
        const { stream } = this;
        stream.expectName('is');
        const negated = stream.skipName('not');
        const { text: name } = this.readDottedName();
        const args = this.parseTestArguments();
        const { start } = value;
        const end = stream.lastEnd;
        const test = { kind: 'test', value, name, args, start, end };
        return negated ? { kind: 'unary', operator: 'not', operand: test, start, end } : test;
    }
    parseTestArguments() {
        const { stream } = this;
        const token = stream.current;
        if (stream.isOperator('('))
            return this.parseArguments();
        const takesOne = token.kind === 'name'
            ? !NO_TEST_ARGUMENT.has(token.text)
            : token.kind === 'string' ||
                token.kind === 'integer' ||
                token.kind === 'float' ||
                stream.isOperator('[') ||
                stream.isOperator('{');
        if (!takesOne)
            return NO_ARGUMENTS;
        if (stream.isName('is'))
            throw stream.error('You cannot chain multiple tests with is');
        return { ...NO_ARGUMENTS, positional: [this.parsePostfix(this.parsePrimary())] };
    }
}
const NO_ARGUMENTS = { positional: [], named: [], spread: null, spreadNamed: null };

;// CONCATENATED MODULE: ./build/template/parse.js
// Reads a template's statements into the syntax tree.
// It refuses to load other templates and to resolve names; expressions are read by `parse-expression.ts`.



/** How deeply statements may nest. */
const parse_MAX_NESTING = 80;
/** Reads a whole template. Throws TemplateError. */
function parseTemplate(source) {
    return new StatementParser(source).parseAll();
}
class StatementParser {
    stream;
    expressions;
    /** Open statements, innermost last: named when the template ends too early. */
    openTags = [];
    /** The tags that would end each open statement. */
    endTags = [];
    constructor(source) {
        this.stream = new token_stream_TokenStream(source, tokenize(source));
        this.expressions = new ExpressionParser(this.stream);
    }
    parseAll() {
        return this.parseBody();
    }
    /** Statements up to the end of the template or to one of the innermost end tags, whose name is then current. */
    parseBody() {
        const { stream } = this;
        const body = [];
        const ends = this.endTags.at(-1) ?? [];
        for (;;) {
            const token = stream.current;
            switch (token.kind) {
                case 'text':
                    stream.advance();
                    body.push({ kind: 'text', text: token.text, start: token.start, end: token.end });
                    break;
                case 'outputStart': {
                    stream.advance();
                    const expression = this.expressions.parseTuple();
                    if (stream.current.kind !== 'outputEnd') {
                        throw stream.error(`expected token 'end of print statement', got ${describe(stream.current)}`);
                    }
                    stream.advance();
                    body.push({ kind: 'output', expression, start: expression.start, end: expression.end });
                    break;
                }
                case 'tagStart': {
                    stream.advance();
                    const next = stream.current;
                    if (next.kind === 'name' && ends.includes(next.text))
                        return body;
                    body.push(...this.parseStatement(token.start));
                    this.expectTagEnd();
                    break;
                }
                default:
                    if (ends.length > 0)
                        this.failAtEnd(null);
                    return body;
            }
        }
    }
    expectTagEnd() {
        const { stream } = this;
        if (stream.current.kind !== 'tagEnd') {
            throw stream.error(`expected token 'end of statement block', got ${describe(stream.current)}`);
        }
        stream.advance();
    }
    /** The body of a statement; leaves the stream after the name of the end tag, which it returns. */
    parseUntil(...ends) {
        // A colon after the head is allowed for people who come from Python.
        this.stream.skipOperator(':');
        this.expectTagEnd();
        this.endTags.push(ends);
        const body = this.parseBody();
        this.endTags.pop();
        return { body, endedBy: this.stream.readName().text };
    }
    failAtEnd(unknownTag, at) {
        const ends = this.endTags.at(-1) ?? [];
        const looking = ends.map((tag) => `'${tag}'`).join(' or ');
        const message = [
            unknownTag === null ? 'Unexpected end of template.' : `Encountered unknown tag '${unknownTag}'.`,
        ];
        if (looking !== '') {
            const misplaced = unknownTag !== null && this.endTags.some((tags) => tags.includes(unknownTag));
            message.push(misplaced
                ? `You probably made a nesting mistake: that tag is expected later, but ${looking} must come first.`
                : `Jinja was looking for the following tags: ${looking}.`);
        }
        const innermost = this.openTags.at(-1);
        if (innermost !== undefined)
            message.push(`The innermost block that needs to be closed is '${innermost}'.`);
        throw this.stream.error(message.join(' '), at);
    }
    parseStatement(start) {
        const { stream } = this;
        const token = stream.current;
        if (token.kind !== 'name')
            throw stream.error('tag name expected');
        if (this.openTags.length >= parse_MAX_NESTING)
            throw stream.error('blocks nested too deeply');
        const parse = parse_STATEMENTS.get(token.text);
        if (parse === undefined)
            this.failAtEnd(token.text, token.start);
        stream.advance();
        this.openTags.push(token.text);
        const statement = parse(this, start);
        this.openTags.pop();
        return Array.isArray(statement) ? statement : [statement];
    }
    span(start) {
        return { start, end: this.stream.lastEnd };
    }
    parseIf(start) {
        const branches = [];
        for (;;) {
            const test = this.expressions.parseTuple({ conditional: false });
            const { body, endedBy } = this.parseUntil('elif', 'else', 'endif');
            branches.push({ test, body });
            if (endedBy === 'elif')
                continue;
            const otherwise = endedBy === 'else' ? this.parseUntil('endif').body : [];
            return { kind: 'if', branches, otherwise, ...this.span(start) };
        }
    }
    parseFor(start) {
        const { stream } = this;
        const target = this.parseTarget({ until: 'in' });
        stream.expectName('in');
        const items = this.expressions.parseTuple({ conditional: false, until: 'recursive' });
        const filter = stream.skipName('if') ? this.expressions.parseExpression() : null;
        const recursive = stream.skipName('recursive');
        const { body, endedBy } = this.parseUntil('endfor', 'else');
        const otherwise = endedBy === 'else' ? this.parseUntil('endfor').body : [];
        return { kind: 'for', target, items, filter, recursive, body, otherwise, ...this.span(start) };
    }
    parseSet(start) {
        const target = this.parseTarget({ namespaces: true });
        if (this.stream.skipOperator('=')) {
            const value = this.expressions.parseTuple();
            return { kind: 'set', target, value, ...this.span(start) };
        }
        const filter = this.expressions.parseFilters(null);
        const { body } = this.parseUntil('endset');
        return { kind: 'setBlock', target, filter, body, ...this.span(start) };
    }
    parseMacro(start) {
        const name = this.parseNameTarget().name;
        const definition = this.parseDefinition(name, start, this.parseParameters(), 'endmacro');
        return { kind: 'macro', definition, ...this.span(start) };
    }
    parseCallBlock(start) {
        const parameters = this.stream.isOperator('(') ? this.parseParameters() : [];
        const call = this.expressions.parseExpression();
        if (call.kind !== 'call')
            throw this.stream.error('expected call', call.start);
        const definition = this.parseDefinition(null, start, parameters, 'endcall');
        return { kind: 'callBlock', call, definition, ...this.span(start) };
    }
    parseDefinition(name, start, parameters, endTag) {
        const { body } = this.parseUntil(endTag);
        return { name, parameters, body, ...this.span(start) };
    }
    parseParameters() {
        const { stream } = this;
        const parameters = [];
        stream.expectOperator('(');
        while (!stream.isOperator(')')) {
            if (parameters.length > 0)
                stream.expectOperator(',');
            const { name, start } = this.parseNameTarget();
            if (parameters.some((other) => other.name === name)) {
                throw stream.error(`duplicate argument '${name}' in macro definition`, start);
            }
            const fallback = stream.skipOperator('=') ? this.expressions.parseExpression() : null;
            if (fallback === null && parameters.at(-1)?.fallback) {
                throw stream.error('non-default argument follows default argument');
            }
            parameters.push({ name, fallback, ...this.span(start) });
        }
        stream.expectOperator(')');
        return parameters;
    }
    parseFilterBlock(start) {
        const filter = this.expressions.parseFilters(null, true);
        const { body } = this.parseUntil('endfilter');
        return { kind: 'filterBlock', filter, body, ...this.span(start) };
    }
    parseWith(start) {
        const { stream } = this;
        const bindings = [];
        while (stream.current.kind !== 'tagEnd') {
            if (bindings.length > 0)
                stream.expectOperator(',');
            const target = this.parseTarget({});
            stream.expectOperator('=');
            bindings.push({ target, value: this.expressions.parseExpression() });
        }
        const { body } = this.parseUntil('endwith');
        return { kind: 'with', bindings, body, ...this.span(start) };
    }
    parseAutoescape(start) {
        const setting = this.expressions.parseExpression();
        if (setting.kind !== 'literal' || setting.literal.type !== 'boolean' || setting.literal.value) {
            throw this.stream.error('autoescape cannot be turned on: prompts are plain text', setting.start);
        }
        const { body } = this.parseUntil('endautoescape');
        return { kind: 'scope', body, ...this.span(start) };
    }
    parseBlock(start) {
        const { stream } = this;
        const { text: name } = stream.readName();
        const scoped = stream.skipName('scoped');
        const required = stream.skipName('required');
        if (stream.isOperator('-')) {
            throw stream.error('block names may not contain hyphens, use an underscore instead');
        }
        const { body } = this.parseUntil('endblock');
        if (required && body.some((statement) => statement.kind !== 'text' || statement.text.trim() !== '')) {
            throw stream.error('Required blocks can only contain comments or whitespace', start);
        }
        stream.skipName(name);
        return { kind: 'block', name, scoped, required, body, ...this.span(start) };
    }
    parseExtends(start) {
        const template = this.expressions.parseExpression();
        return { kind: 'extends', template, ...this.span(start) };
    }
    parseInclude(start) {
        const { stream } = this;
        const template = this.expressions.parseExpression();
        const ignoreMissing = stream.areNames('ignore', 'missing');
        if (ignoreMissing) {
            stream.advance();
            stream.advance();
        }
        const withContext = this.parseContextClause() ?? true;
        return { kind: 'include', template, ignoreMissing, withContext, ...this.span(start) };
    }
    parseImport(start) {
        const template = this.expressions.parseExpression();
        this.stream.expectName('as');
        const alias = this.parseNameTarget().name;
        const withContext = this.parseContextClause() ?? false;
        return { kind: 'import', template, alias, withContext, ...this.span(start) };
    }
    /** `with context` or `without context`, or null when neither is there. */
    parseContextClause() {
        const { stream } = this;
        const withContext = stream.areNames('with', 'context');
        if (!withContext && !stream.areNames('without', 'context'))
            return null;
        stream.advance();
        stream.advance();
        return withContext;
    }
    parseFrom(start) {
        const { stream } = this;
        const template = this.expressions.parseExpression();
        stream.expectName('import');
        const names = [];
        let withContext = null;
        for (;;) {
            if (names.length > 0)
                stream.expectOperator(',');
            withContext = this.parseContextClause();
            if (withContext !== null)
                break;
            const { name, start: nameStart } = this.parseNameTarget();
            if (name.startsWith('_')) {
                throw stream.error('names starting with an underline can not be imported', nameStart, 'TemplateAssertionError');
            }
            const alias = stream.skipName('as') ? this.parseNameTarget().name : name;
            names.push({ name, alias });
            withContext = this.parseContextClause();
            if (withContext !== null || !stream.isOperator(','))
                break;
        }
        return { kind: 'from', template, names, withContext: withContext ?? false, ...this.span(start) };
    }
    parsePrint() {
        const { stream } = this;
        const outputs = [];
        while (stream.current.kind !== 'tagEnd') {
            if (outputs.length > 0)
                stream.expectOperator(',');
            const expression = this.expressions.parseExpression();
            outputs.push({ kind: 'output', expression, start: expression.start, end: expression.end });
        }
        return outputs;
    }
    parseNameTarget() {
        const { text: name, start, end } = this.stream.readName();
        return this.checkTarget(name, start, end);
    }
    checkTarget(name, start, end) {
        if (isConstantName(name))
            throw this.stream.error(`can't assign to '${name}'`, start);
        return { kind: 'name', name, start, end };
    }
    /** One name, or several with commas; `until` is a word that ends them. */
    parseTarget(options) {
        const { stream } = this;
        const start = stream.current.start;
        const items = [];
        let isTuple = false;
        while (!this.atTargetEnd(options.until)) {
            items.push(this.parseSingleTarget(options.namespaces === true));
            if (!stream.skipOperator(','))
                break;
            isTuple = true;
        }
        if (!isTuple && items.length > 0)
            return items[0];
        if (items.length === 0 && options.parenthesised !== true) {
            throw stream.error(`Expected an expression, got ${describe(stream.current)}`);
        }
        return { kind: 'tuple', items, ...this.span(start) };
    }
    atTargetEnd(until) {
        const { stream } = this;
        if (stream.current.kind === 'tagEnd' || stream.isOperator(')'))
            return true;
        return until !== undefined && stream.isName(until);
    }
    parseSingleTarget(namespaces) {
        const { stream } = this;
        const token = stream.current;
        if (token.kind === 'operator' && token.text === '(') {
            if (this.openTags.length >= parse_MAX_NESTING)
                throw stream.error('targets nested too deeply');
            stream.advance();
            this.openTags.push('(');
            const inner = this.parseTarget({ namespaces, parenthesised: true });
            this.openTags.pop();
            stream.expectOperator(')');
            return inner;
        }
        if (token.kind !== 'name')
            throw stream.error(`can't assign to ${describe(token)}`);
        stream.advance();
        if (!namespaces || !stream.isOperator('.'))
            return this.checkTarget(token.text, token.start, token.end);
        stream.advance();
        const attribute = stream.readName().text;
        return { kind: 'namespace', name: token.text, attribute, ...this.span(token.start) };
    }
}
const parse_STATEMENTS = new Map(Object.entries({
    if: (parser, start) => parser.parseIf(start),
    for: (parser, start) => parser.parseFor(start),
    set: (parser, start) => parser.parseSet(start),
    macro: (parser, start) => parser.parseMacro(start),
    call: (parser, start) => parser.parseCallBlock(start),
    filter: (parser, start) => parser.parseFilterBlock(start),
    with: (parser, start) => parser.parseWith(start),
    autoescape: (parser, start) => parser.parseAutoescape(start),
    block: (parser, start) => parser.parseBlock(start),
    extends: (parser, start) => parser.parseExtends(start),
    include: (parser, start) => parser.parseInclude(start),
    import: (parser, start) => parser.parseImport(start),
    from: (parser, start) => parser.parseFrom(start),
    print: (parser) => parser.parsePrint(),
}));

;// CONCATENATED MODULE: ./build/template/template.js










/** Names looked at while finding out what a set of templates reads. */
const MAX_NAME_WORK = 2_000_000;
/** Characters of one template. */
const MAX_SOURCE_LENGTH = 1_000_000;
/**
 * Compiles a template and all that it names by a literal. `load` gives the text of another template, or null when
 * there is none. Throws TemplateError.
 */
function template_compileTemplate(name, source, load) {
    const library = new Library(load);
    const program = library.add(name, source);
    return {
        name,
        names: library.namesOf(program),
        render: (context, evaluation) => render(library, program, context, evaluation),
    };
}
function render(library, program, context, evaluation) {
    const { depth } = evaluation;
    const given = library.mutates ? new Map([...context].map(([key, value]) => [key, copyOf(value)])) : context;
    const rendering = { evaluation, load: (name) => library.find(name), modules: new Map() };
    const out = new Output(evaluation);
    try {
        program.render(startContext(new Context(rendering, given), program), out);
    }
    catch (error) {
        throw locateError(error, program.source, { start: 0, end: 0 });
    }
    finally {
        evaluation.depth = depth;
    }
    return out.text;
}
/** A copy that shares nothing that can be changed; such values are few and small in a context. */
function copyOf(value) {
    if (value instanceof PyList)
        return new PyList(value.items.slice(0, value.length).map(copyOf));
    if (value instanceof PyDict) {
        const copy = new PyDict();
        for (const [key, item] of value.entries)
            copy.entries.set(key, copyOf(item));
        copy.originals = value.originals === null ? null : new Map(value.originals);
        return copy;
    }
    if (value instanceof PySet) {
        const copy = new PySet(value.frozen);
        for (const [key, item] of value.entries)
            copy.entries.set(key, item);
        return copy;
    }
    return value;
}
/** The templates that were loaded, each compiled once. */
class Library {
    loadText;
    programs = new Map();
    /** True when some template may change a list, dict or set in place. */
    mutates = false;
    constructor(loadText) {
        this.loadText = loadText;
    }
    find(name) {
        const known = this.programs.get(name);
        if (known !== undefined)
            return known;
        const text = this.loadText(name);
        if (text === null) {
            this.programs.set(name, null);
            return null;
        }
        return this.add(name, text);
    }
    /** Compiles a template and those it names. */
    add(name, text) {
        const source = templateSource(name, text);
        if (text.length > MAX_SOURCE_LENGTH) {
            throw templateErrorAt('LimitError', `a template of more than ${MAX_SOURCE_LENGTH} characters`, source, 0);
        }
        try {
            return this.compile(source, parseTemplate(source));
        }
        catch (error) {
            throw locateError(error, source, { start: 0, end: 0 });
        }
    }
    compile(source, statements) {
        const names = new Set();
        const uses = [];
        const blocks = new Map();
        const blockStatements = findBlocks(statements);
        const links = {
            source,
            extendsAny: containsExtends(statements),
            noteMutation: () => {
                this.mutates = true;
            },
            noteName: (name) => names.add(name),
            noteTemplate: (use) => uses.push(use),
        };
        const root = compileRoot(links, statements);
        const program = {
            name: source.name,
            source,
            names,
            uses,
            blocks,
            render: (context, out) => {
                const run = { context, evaluation: context.rendering.evaluation, level: 0, parent: null };
                root.write(root.enter(null, run), out);
                run.parent?.render(context, out);
            },
        };
        // A template may name itself, so it has to be known before those it names are compiled.
        this.programs.set(source.name, program);
        for (const statement of blockStatements) {
            if (blocks.has(statement.name)) {
                throw templateErrorAt('TemplateAssertionError', `block '${statement.name}' defined twice`, source, statement.start);
            }
            const noteName = (name) => {
                if (!root.provides.has(name))
                    names.add(name);
            };
            const block = compileBlock({ ...links, noteName }, statement);
            blocks.set(statement.name, (context, out, level) => {
                const run = { context, evaluation: context.rendering.evaluation, level, parent: null };
                block.write(block.enter(null, run), out);
            });
        }
        for (const use of uses)
            this.check(source, use);
        return program;
    }
    check(source, use) {
        const found = use.names.find((name) => this.find(name) !== null);
        if (found !== undefined || use.optional)
            return;
        const message = `template '${use.names.join("', '")}' not found`;
        const type = use.several ? 'TemplatesNotFound' : 'TemplateNotFound';
        throw templateErrorAt(type, message, source, use.span.start, use.span.end);
    }
    /** The context names of a program and of those it names. */
    namesOf(program) {
        // A template that is reached in several ways keeps only what all of them provide, so this ends.
        const visited = new Map();
        let work = 0;
        const visit = (at, provided) => {
            work += 1 + provided.size;
            if (work > MAX_NAME_WORK) {
                throw templateErrorAt('LimitError', 'templates use each other in too many ways', at.source, 0);
            }
            const before = visited.get(at);
            const common = before === undefined ? provided : new Set([...before].filter((name) => provided.has(name)));
            if (before !== undefined && common.size === before.size)
                return;
            visited.set(at, common);
            for (const use of at.uses) {
                const next = use.names.map((name) => this.find(name)).find((target) => target !== null);
                if (next && use.withContext)
                    visit(next, new Set([...common, ...use.provided()]));
            }
        };
        visit(program, new Set());
        const names = new Set();
        for (const [at, provided] of visited) {
            for (const name of at.names)
                if (!provided.has(name) && !GLOBALS.has(name))
                    names.add(name);
        }
        return names;
    }
}
function containsExtends(statements) {
    return statements.some((statement) => {
        if (statement.kind === 'extends')
            return true;
        if (statement.kind !== 'if')
            return false;
        return [...statement.branches.map(({ body }) => body), statement.otherwise].some(containsExtends);
    });
}

;// CONCATENATED MODULE: ./build/engine/prompt-chunk.js
// The prompts of one step for a chunk of units, as text in and text out: compiled once, then rendered unit by unit. It
// knows neither batches nor attempts: what an earlier answer is told is added by whoever packs the requests.







/** What the prompts of a step are made of. */
function promptWork(pipeline, step) {
    const { form, seed, rng, repeat, templates, globals } = pipeline;
    const { name, template, system, prepare } = step;
    // These values of an Octobatch folder belong to the unit, so that every prompt of it sees the same draws. With
    // `rng: python` the draws are Octobatch's own, which may differ by step.
    const drawsFor = form === 'octobatch' && rng !== 'python' ? '' : name;
    return {
        step: name,
        drawsFor,
        repeats: repeat > 1,
        seed,
        rng,
        template,
        system,
        templates,
        prepare,
        globals,
    };
}
/** Compiles a step's prompt into a function of a unit. Throws TemplateError and ExpressionSyntaxError. */
function compilePrompts(work) {
    const { templates } = work;
    const load = (name) => (Object.hasOwn(templates, name) ? templates[name] : null);
    const compile = (name) => template_compileTemplate(name, load(name) ?? '', load);
    const template = compile(work.template);
    const system = work.system === null ? null : compile(work.system);
    const prepare = work.prepare.map(({ name, expr }) => ({ name, expression: expression_compileExpression(expr) }));
    const globals = fieldsFromJson(work.globals);
    return ({ id, fields }) => {
        const drawing = { id, repeats: work.repeats };
        const random = openUnitStream(work, drawing, work.drawsFor, 'prompt');
        const evaluation = createEvaluation({ random });
        const values = new Map([...globals, ...fieldsFromJson(fields)]);
        let part = 'prompt';
        try {
            for (const { name, expression } of prepare) {
                part = name;
                values.set(name, expression.evaluate(values, evaluation));
            }
            part = 'prompt';
            const prompt = template.render(values, evaluation);
            part = 'system';
            return { kind: 'rendered', system: system?.render(values, evaluation) ?? null, prompt };
        }
        catch (error) {
            if (!(error instanceof TemplateError || error instanceof ExpressionError))
                throw error;
            return { kind: 'failed', failure: prompt_chunk_failureOf(work.step, part, error) };
        }
    };
}
function prompt_chunk_failureOf(step, part, error) {
    const place = error instanceof TemplateError ? `${error.template}:${error.line}:${error.column}: ` : '';
    const issue = { path: '', rule: part, message: `${place}${error.type}: ${error.message}` };
    return { kind: 'template', step, issues: [issue], raw: null };
}

;// CONCATENATED MODULE: ./build/engine/local-job.js
// Everything a local runner can do, in one place: a job is a kind of work and what is the same for all units of a
// chunk, as text; compiled, it is a function from a unit to its outcome. It knows no threads.







/** Expression steps as a job. */
function computeJob(work) {
    return writeJob({ kind: 'compute', work });
}
/** The prompts of a step as a job. */
function renderJob(work) {
    return writeJob({ kind: 'render', work });
}
/** The check of a step's answers as a job. */
function checkJob(work) {
    return writeJob({ kind: 'check', work });
}
// A pipeline came out of JSON text when its snapshot was read, so nothing is lost by writing it again.
function writeJob(job) {
    return { text: JSON.stringify(job) };
}
/** Texts of jobs that give lines, each written once: what units are made of may be long. */
class KnownJobs {
    texts = new WeakMap();
    textOf(work) {
        let text = this.texts.get(work);
        if (text === undefined)
            this.texts.set(work, (text = writeJob({ kind: 'compute_lines', work }).text));
        return text;
    }
}
// A run has few steps; more than a handful at a time are never under way.
const KEPT_JOBS = 8;
/** Compiles jobs, keeping the last few: a step's units come in many chunks. Throws what the job's kind throws. */
function createJobCompiler() {
    const kept = new Map();
    return (text) => {
        const run = kept.get(text) ?? compile(plain_json_parsePlainJson(text));
        kept.delete(text);
        kept.set(text, run);
        for (const oldest of kept.keys()) {
            if (kept.size <= KEPT_JOBS)
                break;
            kept.delete(oldest);
        }
        return run;
    };
}
function compile(job) {
    const run = compileJob(job);
    const numbered = job.kind === 'compute_lines' ? unitReader(job.work) : null;
    return {
        givesLines: numbered !== null,
        run,
        lines(units, at = () => { }) {
            if (job.kind !== 'compute_lines' || numbered === null)
                throw new Error(`a job of the kind ${job.kind} gives no lines`);
            const runUnit = run;
            const gatherer = new LineGatherer(job.work);
            units.forEach((one, index) => {
                at(index);
                const unit = numbered(one);
                gatherer.add(unit, runUnit(unit));
            });
            return gatherer.gathered();
        },
    };
}
/** Reads units of a kind of work: those that come as numbers are planned from its source. */
function unitReader({ source }) {
    const table = source === null ? null : planDescribed(source);
    return (unit) => {
        if (typeof unit !== 'number')
            return unit;
        if (table === null)
            throw new Error(`unit ${unit} comes as a number, and nothing says what it is made of`);
        return { unit, id: table.unit(unit).id, fields: table.text(unit) };
    };
}
function compileJob(job) {
    switch (job.kind) {
        case 'compute':
        case 'compute_lines':
            return compileLocalSteps(job.work, checkerOf);
        case 'render':
            return compilePrompts(job.work);
        case 'check':
            return compileAnswers(job.work);
        default:
            return job;
    }
}
function checkerOf(step) {
    const { required, types, enums, ranges, rules } = step.checks;
    const tables = [types, enums, ranges].flatMap((table) => Object.keys(table));
    if (required.length + rules.length + tables.length === 0)
        return null;
    const validator = compileValidator({ step: step.name, schema: null, checks: step.checks });
    return (values, fields, evaluation) => {
        const checked = validator.checkFields(values, fields, evaluation);
        return checked.kind === 'valid'
            ? { errors: [], warnings: checked.warnings }
            : { errors: checked.failure.issues, warnings: [] };
    };
}

;// CONCATENATED MODULE: ./build/worker.js
// Entry of a worker thread: takes units of a job and answers with their outcomes. It decides nothing and reads neither
// files, nor network, nor environment.



if (external_node_worker_threads_namespaceObject.parentPort === null)
    throw new Error('worker.js is started by Octobatch Action as a worker thread, not by itself');
const port = external_node_worker_threads_namespaceObject.parentPort;
const { progress } = external_node_worker_threads_namespaceObject.workerData;
const worker_compile = createJobCompiler();
let worker_last = null;
port.on('message', (order) => {
    const message = answer(order);
    const lines = message.kind === 'done' && !Array.isArray(message.outcomes) ? message.outcomes : null;
    const pieces = lines === null ? [] : lines.pieces;
    port.postMessage(message, pieces.map(({ buffer }) => buffer));
});
port.postMessage({ kind: 'ready' });
function answer({ job, units }) {
    const at = (index) => void Atomics.store(progress, 0, index);
    try {
        if (job !== null)
            worker_last = worker_compile(job);
        if (worker_last === null)
            throw new Error('the first order comes with its job');
        if (typeof units === 'string')
            return { kind: 'done', outcomes: worker_last.lines(unpackUnits(units), at) };
        if (worker_last.givesLines)
            return { kind: 'done', outcomes: worker_last.lines(units, at) };
        const runUnit = worker_last.run;
        const outcomes = units.map((unit, index) => {
            at(index);
            return runUnit(unit);
        });
        return { kind: 'done', outcomes };
    }
    catch (error) {
        return { kind: 'broken', error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
}

