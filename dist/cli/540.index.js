export const id = 540;
export const ids = [540];
export const modules = {

/***/ 3540:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readPolicy: () => (/* binding */ readPolicy)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(4692);
/* harmony import */ var _claims_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7946);
/* harmony import */ var _cursor_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(6641);
/* harmony import */ var _mistakes_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8118);
/* harmony import */ var _providers_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5641);
/* harmony import */ var _reading_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6183);
/* harmony import */ var _schema_keys_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(3397);
/* harmony import */ var _schema_pay_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(8647);
/* harmony import */ var _shape_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(2594);
/* harmony import */ var _source_text_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(456);
/* harmony import */ var _tree_js__WEBPACK_IMPORTED_MODULE_11__ = __webpack_require__(451);
/* harmony import */ var _tree_reader_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(4680);
// Reads a policy as its author wrote it. Whether its author may be trusted is for the caller to know.












const policySchema = (0,_schema_keys_js__WEBPACK_IMPORTED_MODULE_4__/* .strict */ .O)({
    ..._schema_pay_js__WEBPACK_IMPORTED_MODULE_5__/* .payKeys */ .Bq,
    models: zod__WEBPACK_IMPORTED_MODULE_8__/* .array */ .YOg(_schema_pay_js__WEBPACK_IMPORTED_MODULE_5__/* .modelText */ .ZW).optional(),
    max_cost: _schema_pay_js__WEBPACK_IMPORTED_MODULE_5__/* .decimal */ ._.optional(),
    scripts: zod__WEBPACK_IMPORTED_MODULE_8__/* .boolean */ .zMY().optional(),
});
/** The policy of a YAML text; `shownAs` names it in messages. Throws a ConfigurationError with every mistake. */
function readPolicy(text, shownAs) {
    const mistakes = new _mistakes_js__WEBPACK_IMPORTED_MODULE_1__/* .Mistakes */ .S();
    const reading = new _reading_js__WEBPACK_IMPORTED_MODULE_3__/* .Reading */ .z(noFiles(shownAs), mistakes, () => null);
    const source = new _source_text_js__WEBPACK_IMPORTED_MODULE_9__/* .SourceText */ .D(shownAs, text);
    const tree = (0,_tree_reader_js__WEBPACK_IMPORTED_MODULE_7__/* .readTree */ .Zc)(source, '1.2', _tree_reader_js__WEBPACK_IMPORTED_MODULE_7__/* .CONFIG_LIMITS */ .iO, mistakes);
    mistakes.throwIfAny();
    if (tree?.kind !== 'map') {
        const fix = "write keys such as 'providers:' and 'max_cost:'; {} allows nothing of its own";
        mistakes.add(source.placeAt(0), 'the policy is not a mapping', fix);
        mistakes.throwIfAny();
    }
    (0,_shape_js__WEBPACK_IMPORTED_MODULE_6__/* .checkShape */ .e)(policySchema, tree, mistakes);
    const input = new _cursor_js__WEBPACK_IMPORTED_MODULE_10__/* .Cursor */ .b(tree, (0,_tree_js__WEBPACK_IMPORTED_MODULE_11__/* .placeOf */ .$)(tree));
    const models = input.at('models');
    const policy = {
        providers: (0,_providers_js__WEBPACK_IMPORTED_MODULE_2__/* .readProviders */ .j1)(input.at('providers'), reading),
        models: models.present ? models.list().flatMap((model) => model.text() ?? []) : null,
        prices: (0,_claims_js__WEBPACK_IMPORTED_MODULE_0__/* .readPrices */ .RP)(input, reading),
        maxCost: (0,_claims_js__WEBPACK_IMPORTED_MODULE_0__/* .readDecimal */ .e4)(input.at('max_cost'), 'max_cost', reading),
        ...(input.at('scripts').boolean() === true ? { scripts: true } : {}),
    };
    mistakes.throwIfAny();
    return policy;
}
function noFiles(folder) {
    return {
        folder,
        read: async () => ({ kind: 'missing' }),
        async *lines() { },
        exists: async () => false,
        list: async () => [],
    };
}


/***/ }),

/***/ 3397:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ strict),
/* harmony export */   d: () => (/* binding */ expression)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4692);
// What every part of the two forms' schemas is built from. It knows no key of either.

/** A mapping with these keys and no others. The known keys travel in the issue, for "did you mean". */
function strict(shape) {
    return zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej(shape, {
        error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
    });
}
/** A Python expression; YAML numbers and booleans stand for themselves. */
const expression = zod__WEBPACK_IMPORTED_MODULE_0__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().min(1, 'write a Python expression'), zod__WEBPACK_IMPORTED_MODULE_0__/* .number */ .aig(), zod__WEBPACK_IMPORTED_MODULE_0__/* .boolean */ .zMY()])
    .describe('A Python expression.');


/***/ }),

/***/ 8647:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bq: () => (/* binding */ payKeys),
/* harmony export */   ZW: () => (/* binding */ modelText),
/* harmony export */   _: () => (/* binding */ decimal)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4692);
/* harmony import */ var _resolve_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4479);
/* harmony import */ var _schema_keys_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3397);
// What a pipeline and a policy both say about providers and prices, as zod schemas.



/** An amount: a number, or a decimal as text. */
const decimal = zod__WEBPACK_IMPORTED_MODULE_2__/* .union */ .KCZ([
    zod__WEBPACK_IMPORTED_MODULE_2__/* .number */ .aig().min(0),
    zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().regex(/^[0-9]+(\.[0-9]+)?$/, 'write a decimal number'),
]);
/** A model as its provider names it. */
const modelText = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
    .regex(/^[\x21-\x7e]{1,200}$/, 'write the name the provider gives it, without spaces');
// Texts that may hold a key are checked where they are read: a refusal here would print them.
const provider = (0,_schema_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .strict */ .O)({
    protocol: zod__WEBPACK_IMPORTED_MODULE_2__/* ["enum"] */ .k5n(_resolve_js__WEBPACK_IMPORTED_MODULE_0__/* .OWN_PROTOCOLS */ .ZQ)
        .describe('Whose protocol it speaks. Default: that of its name; needed for any other name.')
        .optional(),
    base_url: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().describe('Its address: https, or http on this machine.').optional(),
    key_env: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .describe('Name of the environment variable that holds the key, such as OPENAI_API_KEY. Never the key.')
        .optional(),
    headers: zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), zod__WEBPACK_IMPORTED_MODULE_2__/* .unknown */ .L5J())
        .describe('More headers of every request, none of them secret.')
        .optional(),
    api: zod__WEBPACK_IMPORTED_MODULE_2__/* ["enum"] */ .k5n(['chat', 'responses'])
        .describe('Protocol openai: chat completions or responses. Default chat.')
        .optional(),
    completion_window: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .regex(/^[1-9][0-9]{0,3}[hd]$/, 'write hours or days, such as 24h')
        .describe('Protocol openai: how long a batch may take. Default 24h.')
        .optional(),
    max_requests: zod__WEBPACK_IMPORTED_MODULE_2__/* .int */ .Whr().min(1).max(1_000_000).describe('Requests in one batch at the most.').optional(),
    max_bytes: zod__WEBPACK_IMPORTED_MODULE_2__/* .int */ .Whr().min(10_000).max(2_000_000_000).describe('Bytes of one batch at the most.').optional(),
    queue_tokens: zod__WEBPACK_IMPORTED_MODULE_2__/* .int */ .Whr()
        .min(1)
        .describe('Estimated input tokens of one model that may be queued at once.')
        .optional(),
    batch_discount: zod__WEBPACK_IMPORTED_MODULE_2__/* .union */ .KCZ([
        zod__WEBPACK_IMPORTED_MODULE_2__/* .number */ .aig().min(0).max(1),
        zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().regex(/^(0(\.[0-9]+)?|1(\.0+)?)$/, 'write a share such as 0.5'),
    ])
        .describe('What a batch costs as a share of the price of single calls, such as 0.5.')
        .optional(),
    concurrency: zod__WEBPACK_IMPORTED_MODULE_2__/* .int */ .Whr().min(1).max(256).describe('Single calls under way at once. Default 8.').optional(),
    batch_max_age_hours: zod__WEBPACK_IMPORTED_MODULE_2__/* .number */ .aig()
        .gt(0)
        .max(1000)
        .describe('Hours after which a batch that is not over is cancelled and the rest sent again. Default 26.')
        .optional(),
});
/** How providers are reached, and what their models cost. */
const payKeys = {
    prices: zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(), (0,_schema_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .strict */ .O)({
        input: decimal.describe('Input tokens.'),
        output: decimal.describe('Output tokens.'),
    }))
        .describe('US dollars per million tokens, as billed, by `model` or `provider/model`; with the suffix /batch or /realtime for one mode only.')
        .optional(),
    providers: zod__WEBPACK_IMPORTED_MODULE_2__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP()
        .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, "use letters, digits, '-', '_' and '.', at most 64 characters"), provider)
        .describe('How providers are reached and what they take, by name.')
        .optional(),
};


/***/ })

};
