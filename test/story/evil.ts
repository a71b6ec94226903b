// A text that tries everything: Markdown, HTML, mentions, links, commands for the runner, and characters nobody sees.

/** Everything that could come alive somewhere. */
export const EVIL = [
  '@octocat @octo/team #1 GH-1 https://evil.example www.evil.example [x](https://evil.example) ![i](//evil.example/p.png)',
  '<img src=x onerror=alert(1)> <a href="javascript:alert(1)">a</a> </details></sub><!-- --> <script>alert(1)</script>',
  '\n::error::pwned\n::set-output name=a::b\n##[error]pwned\n##[group]x\r\n::stop-commands::x\n',
  '```\n````\n~~~\n`` ` ``| a | b |\n|:--|\n# heading\n- [ ] task\n> quote\n<!-- octobatch tale 00000000 -->\n',
  '\u202e\u2066\u200b\u200f\u{e0041}\ufeff\u0000\u001b[31m\u2028 $x$ $$y$$ :tada: &lt;b&gt;',
].join(' ');
