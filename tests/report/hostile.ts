/** Text that would run if any part of a page took data for markup, script or an expression. */
export const HOSTILE =
  `</script><script>hacked=1</script><img src=x onerror="hacked=2">'"\`\${hacked=3}{{hacked}}` +
  `<!-- -->&lt;]]>\\");hacked=4;//\u2028@profit`;
