export const id = 531;
export const ids = [531];
export const modules = {

/***/ 54531:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ok: () => (/* binding */ askKeys),
  L: () => (/* binding */ checkKeys),
  nativeSchema: () => (/* binding */ nativeSchema),
  ai: () => (/* binding */ sharedKeys)
});

// UNUSED EXPORTS: jsonSchema

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 17 modules
var schemas = __webpack_require__(38816);
// EXTERNAL MODULE: ./build/pipeline/names.js
var names = __webpack_require__(56875);
// EXTERNAL MODULE: ./build/pipeline/resolve.js
var resolve = __webpack_require__(64479);
// EXTERNAL MODULE: ./build/pipeline/rng.js
var rng = __webpack_require__(52938);
// EXTERNAL MODULE: ./build/pipeline/schema-keys.js
var schema_keys = __webpack_require__(3397);
;// CONCATENATED MODULE: ./build/pipeline/schema-gates.js
// The gates of both forms as a zod schema. Which keys go together is not its business: see gate-claims.ts.


const bounds = {
    between: schemas/* tuple */.PVZ([schemas/* number */.aig(), schemas/* number */.aig()]).describe('The lowest and highest value that pass.').optional(),
    at_least: schemas/* number */.aig().describe('The lowest value that passes.').optional(),
    at_most: schemas/* number */.aig().describe('The highest value that passes.').optional(),
};
const region = (0,schema_keys/* strict */.O)(bounds);
const group = schemas/* union */.KCZ([schemas/* string */.YjP().min(1), schemas/* number */.aig(), schemas/* boolean */.zMY()]);
const gate = (0,schema_keys/* strict */.O)({
    name: schemas/* string */.YjP().min(1).max(100).describe('The claim, in words.'),
    share: schema_keys/* expression */.d.describe('The share of valid units for which this is true, 0 to 1.').optional(),
    mean: schema_keys/* expression */.d.describe('The mean of this over the valid units.').optional(),
    valid_share: region.describe('The share of planned units that end valid, 0 to 1.').optional(),
    cost: region.describe('The cost of the run in US dollars.').optional(),
    ...bounds,
    change: region
        .describe('The share or mean is held less that of the base: at_least: -0.02 allows a drop of 2 points.')
        .optional(),
    difference: (0,schema_keys/* strict */.O)({
        by: schemas/* string */.YjP().min(1).describe('The field that says which group a unit is in.'),
        of: group.describe('The group whose share or mean is meant.'),
        minus: group.describe('The group it is held against.'),
        ...bounds,
    })
        .describe('The share or mean of one group of this run is held less that of another.')
        .optional(),
    confidence: schemas/* number */.aig()
        .gt(0.5)
        .lt(1)
        .describe('How sure the verdict must be, 0.5 to 1. Default 0.95.')
        .optional(),
    on_inconclusive: schemas/* enum */.k5n(['neutral', 'fail', 'extend'])
        .describe('When the numbers do not decide: neutral (the default), fail, or extend, which with stop: runs on.')
        .optional(),
});
/** The top-level keys that say what is judged. */
const gateKeys = {
    gates: schemas/* array */.YOg(gate).max(200).describe('Claims that must hold for the verdict to be pass.').optional(),
    false_alarms: schemas/* number */.aig()
        .gt(0)
        .lt(0.5)
        .describe('How often a pull request that changes nothing may fail a gate on a change, all of them together. Default 0.01.')
        .optional(),
};

// EXTERNAL MODULE: ./build/pipeline/schema-pay.js
var schema_pay = __webpack_require__(78647);
;// CONCATENATED MODULE: ./build/pipeline/schema-post-process.js
// The keys of what is done when a run is over, in the native form: entries of `post_process`, and script steps.



const schema_post_process_name = schemas/* string */.YjP().regex(names/* SAFE_NAME */.wY, names/* SAFE_NAME_FIX */.s);
const field = schemas/* string */.YjP().regex(names/* FIELD_NAME */.VR, "use letters, digits and '_', at most 64 characters");
const fields = schemas/* array */.YOg(field).max(20);
const values = schemas/* array */.YOg(schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* number */.aig(), schemas/* boolean */.zMY()])).max(100);
const entryName = schema_post_process_name.describe('The name it has in reports. Default: what it does.').optional();
const output = schemas/* string */.YjP().min(1).describe("A path below the run's outputs/.");
const scriptKeys = {
    script: schemas/* string */.YjP().min(1).describe('A program of this folder. It runs in trusted runs only.'),
    command: schemas/* array */.YOg(schemas/* string */.YjP().min(1))
        .min(1)
        .max(20)
        .describe('The program that runs it, and its first arguments. Default by the ending: .py, .js, .mjs, .sh.')
        .optional(),
    args: schemas/* array */.YOg(schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* number */.aig(), schemas/* boolean */.zMY()]))
        .max(200)
        .describe("Its arguments, after the run's folder; {run} in one of them stands for that folder instead.")
        .optional(),
    output: output
        .describe("Where what it prints goes, a path below the run's outputs/. Default: the report.")
        .optional(),
    timeout_seconds: schemas/* number */.aig().gt(0).max(3600).describe('How long it may take. Default 60.').optional(),
    max_output_bytes: schemas/* int */.Whr()
        .min(1)
        .max(1_000_000_000)
        .describe('What it may print, and leave below outputs/. Default 10000000.')
        .optional(),
    on_failure: schemas/* enum */.k5n(['fail', 'warn'])
        .describe('fail (the default): the run ends in error when it fails. warn: the report says so.')
        .optional(),
};
/** A step of the native form that runs once, over the whole run. */
const scriptStep = (0,schema_keys/* strict */.O)({
    name: schema_post_process_name.describe('The name of the step; unique.'),
    description: schemas/* string */.YjP().describe('For readers only.').optional(),
    ...scriptKeys,
});
const scriptEntry = (0,schema_keys/* strict */.O)({ name: entryName, ...scriptKeys });
const analysisEntry = (0,schema_keys/* strict */.O)({
    name: entryName,
    analysis: (0,schema_keys/* strict */.O)({
        group_by: field.describe('One row for each value of this field. Default: one row for all.').optional(),
        count: fields.describe('Fields whose values are counted.').optional(),
        numbers: fields
            .describe('Fields whose mean, median, deviation, least and greatest are given.')
            .optional(),
        net_positive: values.describe('Values of the counted field that count +1 in the column Net.').optional(),
        net_negative: values.describe('Values of the counted field that count -1 in the column Net.').optional(),
        title: schemas/* string */.YjP().min(1).max(200).describe('The line above the table.').optional(),
        format: schemas/* enum */.k5n(['table', 'csv']).describe('Default table; csv takes one field.').optional(),
    }).describe('A table over the valid units.'),
    output,
});
const gzipEntry = (0,schema_keys/* strict */.O)({
    name: entryName,
    gzip: schemas/* array */.YOg(schemas/* string */.YjP().min(1).max(500))
        .min(1)
        .max(50)
        .describe("Files of the run's folder to compress: paths with * and **, such as outputs/*.txt."),
    keep_originals: schemas/* boolean */.zMY().describe('Keep what is compressed below outputs/. Default false.').optional(),
});
const extractEntry = (0,schema_keys/* strict */.O)({
    name: entryName,
    extract: schema_keys/* expression */.d.describe("The path below outputs/ of each valid unit's file, as a Python expression."),
    field: field.describe('The field whose text is the file. Default: all fields as JSON.').optional(),
    gzip: schemas/* boolean */.zMY().describe('Compress each file; its path should end in .gz. Default false.').optional(),
});
/** The key `post_process` of the native form. */
const postProcessSchema = schemas/* array */.YOg(schemas/* union */.KCZ([scriptEntry, analysisEntry, gzipEntry, extractEntry]))
    .max(50)
    .describe('What is done once, in this order, when all units are over.')
    .optional();

;// CONCATENATED MODULE: ./build/pipeline/schema-report.js
// The key `report:` of both forms, as a zod schema. Which fields there are is not its business.


const schema_report_field = schemas/* string */.YjP().min(1);
/** What the report shows beside the gates. */
const reportSchema = (0,schema_keys/* strict */.O)({
    group_by: schema_report_field.nullable().describe('A field to group the results by.').optional(),
    outcomes: schemas/* array */.YOg(schema_report_field).describe('Fields whose values are counted.').optional(),
    metrics: schemas/* array */.YOg(schema_report_field).describe('Numeric fields whose means are shown.').optional(),
    net: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* number */.aig()))
        .describe('By field, what each of its values counts; all others 0. Shown as the mean per unit.')
        .optional(),
    quantiles: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* array */.YOg(schemas/* number */.aig().gt(0).lt(1)).min(1))
        .describe('By numeric field, the quantiles to show, such as [0.5, 0.9].')
        .optional(),
    ratios: schemas/* record */.g1P(schemas/* string */.YjP(), (0,schema_keys/* strict */.O)({
        of: schema_keys/* expression */.d.describe('What of each unit is added up above the line.'),
        to: schema_keys/* expression */.d.describe('What of each unit is added up below it.'),
    }))
        .describe('By name, the sum of one expression over the sum of another.')
        .optional(),
    rates: schemas/* record */.g1P(schemas/* string */.YjP(), (0,schema_keys/* strict */.O)({
        events: schema_keys/* expression */.d.describe('How many events a unit had: a whole number, or True and False.'),
        per: schema_keys/* expression */.d.describe('What they are counted against, such as steps / 1000.'),
    }))
        .describe('By name, events per whatever they are counted against.')
        .optional(),
    custom: schemas/* record */.g1P(schemas/* string */.YjP(), schema_keys/* expression */.d)
        .describe('By name, an expression over the group, in which each field is the list of its values.')
        .optional(),
})
    .describe('What the report shows. Without it, outcomes and metrics are found from the results.')
    .optional();

;// CONCATENATED MODULE: ./build/pipeline/schema-stop.js
// The key `stop:` of both forms, as a zod schema. Whether its rules fit the pipeline is not its business.


const quantity = {
    share: schema_keys/* expression */.d.describe('The share of valid units for which this is true, 0 to 1.').optional(),
    mean: schema_keys/* expression */.d.describe('The mean of this over the valid units.').optional(),
};
const confidence = schemas/* number */.aig().gt(0.5).lt(1);
/** When a run may end before its last repetition. */
const stopSchema = (0,schema_keys/* strict */.O)({
    every: schemas/* int */.Whr()
        .min(1)
        .max(10_000_000)
        .describe('Repetitions of one wave, of all items. After each wave the run is weighed.'),
    gates: schemas/* literal */.euz(true).describe('Stop when every gate is decided.').optional(),
    half_width: (0,schema_keys/* strict */.O)({
        ...quantity,
        at_most: schemas/* number */.aig().gt(0).describe('Half of the interval, at the most; of a share 0.03 is ±3 points.'),
        confidence: confidence.describe('Of the interval, 0.5 to 1. Default 0.95.').optional(),
    })
        .describe('Stop when an estimate is sharp enough.')
        .optional(),
    best: (0,schema_keys/* strict */.O)({
        ...quantity,
        by: schemas/* string */.YjP().min(1).describe('A field of the items: its values are what is compared.'),
        wants: schemas/* enum */.k5n(['highest', 'lowest']).describe('Which value is the best.'),
        fresh: schemas/* int */.Whr().min(1).max(10_000_000).describe('Repetitions by which the winner is estimated anew.'),
    })
        .describe('Drop the worse half after each wave, until one is left.')
        .optional(),
})
    .describe('When the run may end early; repeat is then the most.')
    .optional();

;// CONCATENATED MODULE: ./build/pipeline/schema.js
// The native form, `pipeline.yaml`, as a zod schema. Its descriptions are what an editor shows; positions and cross
// checks are not its business.










const schema_name = schemas/* string */.YjP().regex(names/* SAFE_NAME */.wY, names/* SAFE_NAME_FIX */.s);
const schema_field = schemas/* string */.YjP().regex(names/* FIELD_NAME */.VR, "use letters, digits and '_', at most 64 characters");
const assignments = schemas/* record */.g1P(schemas/* string */.YjP(), schema_keys/* expression */.d);
const scalar = schemas/* union */.KCZ([schemas/* string */.YjP(), schemas/* number */.aig(), schemas/* boolean */.zMY(), schemas/* null */.chJ()]);
/** The keys by which a step checks its result; shared by both forms. */
const checkKeys = {
    required: schemas/* array */.YOg(schemas/* string */.YjP().min(1)).describe('Fields the result must have.').optional(),
    types: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* enum */.k5n(['string', 'number', 'integer', 'boolean', 'array', 'object']))
        .describe('The type each field must have.')
        .optional(),
    enums: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* array */.YOg(scalar).min(1))
        .describe('The values a field may have; text compares without case.')
        .optional(),
    ranges: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* union */.KCZ([
        (0,schema_keys/* strict */.O)({
            min: schemas/* number */.aig().describe('The lowest value allowed.').optional(),
            max: schemas/* number */.aig().describe('The highest value allowed.').optional(),
        }),
        schemas/* tuple */.PVZ([schemas/* number */.aig().nullable(), schemas/* number */.aig().nullable()]),
    ]))
        .describe('Bounds of a numeric field: { min, max } or [min, max], both included.')
        .optional(),
    rules: schemas/* array */.YOg((0,schema_keys/* strict */.O)({
        name: schemas/* string */.YjP().min(1).max(100).describe('The name the rule has in reports.').optional(),
        expr: schema_keys/* expression */.d.describe('Must be true. Sees the unit and, over it, the result.'),
        when: schema_keys/* expression */.d.describe('The rule holds only where this is true.').optional(),
        error: schemas/* string */.YjP().describe('What to say when it fails; {field} shows a value.').optional(),
        level: schemas/* enum */.k5n(['error', 'warning'])
            .describe('A warning never fails the unit. Default error.')
            .optional(),
    }))
        .describe('Rules over the result, as Python expressions.')
        .optional(),
};
const mode = schemas/* enum */.k5n(resolve/* MODES */.FN);
const maxTokens = schemas/* int */.Whr().min(1).max(1_000_000);
const temperature = schemas/* number */.aig().min(0).max(2);
/** How a step asks its model; shared by both forms. */
const askKeys = {
    provider: schemas/* string */.YjP().min(1).describe('The provider of this step.').optional(),
    model: schema_pay/* modelText */.ZW.describe('The model of this step.').optional(),
    mode: mode.describe('How this step asks: batch or realtime.').optional(),
    max_tokens: maxTokens.describe('Output tokens at the most, reasoning included. Default 4096.').optional(),
    max_tokens_ceiling: maxTokens
        .describe('After an answer that was cut off, the limit is doubled, up to this. Default: it stays.')
        .optional(),
    temperature: temperature.describe('Sampling temperature, where the model takes one.').optional(),
};
/** The top-level keys both forms have. */
const sharedKeys = {
    seed: schemas/* union */.KCZ([schemas/* int */.Whr(), schemas/* string */.YjP().min(1)])
        .describe('Seed of all draws: a whole number or any text. Default 0.')
        .optional(),
    rng: schemas/* enum */.k5n(rng/* RNGS */.fE)
        .describe("The generator of all draws. Default tychei; python draws as Python's random does.")
        .optional(),
    report: reportSchema,
    ...gateKeys,
    stop: stopSchema,
    ...schema_pay/* payKeys */.Bq,
};
const stepKeys = {
    name: schema_name.describe('The name of the step; unique.'),
    description: schemas/* string */.YjP().describe('For readers only.').optional(),
    ...checkKeys,
    retry: (0,schema_keys/* strict */.O)({
        max_attempts: schemas/* int */.Whr()
            .min(1)
            .max(20)
            .describe('Attempts of one unit, the first included. Default 3.')
            .optional(),
        feedback: schemas/* boolean */.zMY()
            .describe('Tell the next attempt what was wrong with the last. Default true.')
            .optional(),
    })
        .describe('How often a unit that fails here is tried again.')
        .optional(),
    retry_from: schemas/* string */.YjP()
        .describe('The earlier step to repeat when a check here fails. Default: the step that produced what is checked.')
        .optional(),
};
const llmStep = (0,schema_keys/* strict */.O)({
    ...stepKeys,
    prompt: schemas/* string */.YjP().min(1).describe('A Jinja template: a file of this folder, or the text itself.'),
    system: schemas/* string */.YjP().min(1).describe('The system prompt, as a template like `prompt`.').optional(),
    schema: schemas/* union */.KCZ([schemas/* string */.YjP().min(1), schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* unknown */.L5J())])
        .describe('JSON Schema of the answer: a file of this folder, or the schema itself.')
        .optional(),
    prepare: assignments
        .describe('Values computed per unit for the prompt; not part of the result.')
        .optional(),
    simulate: assignments.describe('What the simulated provider answers, field by field.').optional(),
    judge: schemas/* boolean */.zMY()
        .describe('True when a failed check here means that an earlier answer is bad, not this one.')
        .optional(),
    ...askKeys,
});
const expressionStep = (0,schema_keys/* strict */.O)({
    ...stepKeys,
    init: assignments.describe('Computed once, before the first iteration.').optional(),
    expressions: assignments.describe('Computed in order in every iteration; each sees the ones before.'),
    loop_until: schema_keys/* expression */.d
        .describe('Iterate until this is true. Without it there is one iteration.')
        .optional(),
    max_iterations: schemas/* int */.Whr().min(1).max(1_000_000).describe('Iterations at the most. Default 1000.').optional(),
    stream_by: schemas/* string */.YjP()
        .min(1, 'write a Python expression')
        .describe("Over the item's fields: units for which it is the same draw the same numbers, repetition by repetition.")
        .optional(),
    antithetic: schemas/* boolean */.zMY()
        .describe('Every second repetition draws the mirror image of the one before. Default false.')
        .optional(),
    stratify: schemas/* int */.Whr()
        .min(2)
        .max(1_000_000)
        .describe('The first draws of so many repetitions fall into as many equal parts of the range, one in each.')
        .optional(),
});
const fanOutStep = (0,schema_keys/* strict */.O)({
    name: stepKeys.name,
    description: stepKeys.description,
    fan_out: schema_field.describe('The field with the list: from here on each of its elements is a unit of its own.'),
    as: schema_field.describe('The field that holds the element in each of these units.'),
    max: schemas/* int */.Whr()
        .min(1)
        .max(1_000_000)
        .describe('Elements at the most; a longer list fails. Needed unless a schema (maxItems), the items or the list itself say it.')
        .optional(),
    retry: stepKeys.retry,
    retry_from: stepKeys.retry_from,
});
const items = schemas/* union */.KCZ([
    schemas/* array */.YOg(schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* unknown */.L5J())),
    schemas/* string */.YjP().min(1),
    (0,schema_keys/* strict */.O)({
        source: schemas/* string */.YjP().min(1).describe('A YAML, JSON, JSONL or CSV file of this folder.'),
        key: schemas/* string */.YjP().min(1).describe('The key of the list in that file.').optional(),
        id: schemas/* string */.YjP().min(1).describe('The field that names an item. Default id, then name.').optional(),
    }),
]);
const units = schemas/* union */.KCZ([
    schemas/* literal */.euz('direct'),
    (0,schema_keys/* strict */.O)({
        cross_product: schemas/* record */.g1P(schema_field, schemas/* string */.YjP().min(1))
            .describe('Every combination: the field of the unit, and the key of the list its items come from.'),
    }),
    (0,schema_keys/* strict */.O)({
        permutation: schemas/* array */.YOg(schema_field).min(1).describe('Every ordered choice of different items for these fields.'),
    }),
]);
/** The native form. */
const nativeSchema = (0,schema_keys/* strict */.O)({
    name: schema_name.describe('The name of the pipeline. Default: the name of its folder.').optional(),
    description: schemas/* string */.YjP().describe('For readers only.').optional(),
    ...sharedKeys,
    items: items.describe('The rows of input: a list, a file, or { source, key, id }.'),
    units: units.describe('How items become units. Default direct: one item, one unit.').optional(),
    repeat: schemas/* int */.Whr().min(1).max(10_000_000).describe('How often every unit is simulated. Default 1.').optional(),
    max_units: schemas/* int */.Whr().min(1).describe('Simulate only the first so many units.').optional(),
    provider: schemas/* string */.YjP().min(1).describe('Who answers. Default simulated, which needs no key.').optional(),
    model: schema_pay/* modelText */.ZW.describe('The model that answers. Needed unless the provider is simulated.').optional(),
    mode: mode
        .describe('How models are asked: batch (cheaper, within a day; the default) or realtime (call by call).')
        .optional(),
    globals: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* unknown */.L5J()).describe('Variables all prompts see.').optional(),
    steps: schemas/* array */.YOg(schemas/* union */.KCZ([llmStep, expressionStep, fanOutStep, scriptStep]))
        .min(1)
        .describe('The steps every unit goes through, in order.'),
    max_cost: schema_pay/* decimal */._
        .describe('US dollars this run may cost at the most. It can lower the ceiling of whoever runs it, never raise it.')
        .optional(),
    chunk_size: schemas/* int */.Whr().min(1).describe('Requests in one batch at the most.').optional(),
    post_process: postProcessSchema,
});
/** JSON Schema of the native form, for editors. */
function jsonSchema() {
    return {
        ...z.toJSONSchema(nativeSchema, { io: 'input' }),
        title: 'Octobatch Action pipeline',
    };
}


/***/ })

};
