/** How the old system fails: with the row it had in hand. */
import type { StudentFile } from './student-files.ts'

/** An error in JSON whose message quotes the row it failed on. */
export function sqlException({ person }: StudentFile): string {
  const sql = `select * from T_STU where XM='${person.name}' and SFZH='${person.residentId}' and SJH='${person.mobile}'`
  return JSON.stringify({
    code: '500',
    msg: `java.sql.SQLException: ORA-01428: ${sql}`,
    trace: [`at oracle.jdbc (${sql})`],
  })
}

/** The page an application server of its day showed for every fault. */
export function stackTrace({ person }: StudentFile): string {
  return `<html><head><title>Apache Tomcat/6.0.18 - Error report</title></head><body><h1>HTTP Status 500</h1><pre>
java.lang.NullPointerException: Student[xm=${person.name}, sfzh=${person.residentId}, tel=${person.mobile}, jtzz=${person.address}]
\tat cn.edu.xg.student.StudentAction.show(StudentAction.java:118)
\tat org.apache.struts2.dispatcher.FilterDispatcher.doFilter(FilterDispatcher.java:389)
Caused by: com.mysql.jdbc.exceptions.MySQLSyntaxErrorException: near '${person.email}'
</pre></body></html>`
}
