import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
function table(head,rows){const line=cells=>`| ${cells.join(" | ")} |`;return[line(head),line(head.map(()=>"---")),...rows.map(line)].join("\n")}function details(title,body,at="closed"){if(body===null)return[];return[`<details${at==="open"?" open":""}><summary>${title}</summary>

${body}

</details>`]}export{table,details};
