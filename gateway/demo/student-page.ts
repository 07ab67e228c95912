/** A student's page as the old system's JSP made it: tables for layout, a form, a program, and a comment with a query. */
import type { StudentFile } from './student-files.ts'

const style = `
body { font: 14px/1.6 "SimSun", "Noto Sans CJK SC", sans-serif; margin: 0; background: #eef2f7; }
#head { background: #1a4f8b; color: #fff; padding: 10px 24px; font-size: 18px; }
#main { width: 760px; margin: 16px auto; background: #fff; border: 1px solid #c5d3e2; padding: 16px 24px; }
table { border-collapse: collapse; width: 100%; margin-bottom: 16px; }
th, td { border: 1px solid #c5d3e2; padding: 4px 8px; text-align: left; }
th { background: #e4ecf5; width: 90px; }
.remark { background: #fffbe6; padding: 8px; }`

/** The page, to be sent in GBK. */
export function studentPage({ id, rowId, person, campus, gpa }: StudentFile): string {
  const [building, room] = person.dormitory.split('-')
  const family = person.guardians.map(
    one =>
      `<tr class="row"><td>${one.relation}</td><td>${one.name}</td><td>${one.mobile}</td><td>${one.employer}</td></tr>`,
  )
  return `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>学生信息卡</title>
<style type="text/css">${style}
</style>
</head>
<body>
<!-- select * from T_STU where ROW_ID=${rowId} and SFZH='${person.residentId}' -->
<div id="head">学生工作系统</div>
<div id="main">
<h2>学生信息卡</h2>
<table id="card" cellspacing="0">
<tr><th>姓名</th><td>${person.name}</td><th>学号</th><td>${person.studentNumber}</td></tr>
<tr><th>性别</th><td>${person.sex}</td><th>出生日期</th><td>${person.birthDate}</td></tr>
<tr><th>民族</th><td>${person.ethnicity}</td><th>政治面貌</th><td>${person.politicalStatus}</td></tr>
<tr><th>身份证号</th><td>${person.residentId}</td><th>银行卡号</th><td>${person.bankCard}</td></tr>
<tr><th>学院</th><td>${person.college}</td><th>专业</th><td>${person.major}</td></tr>
<tr><th>校区</th><td>${campus}</td><th>宿舍</th><td>${building}幢${room}</td></tr>
<tr><th>家庭住址</th><td colspan="3">${person.address}</td></tr>
</table>
<h2>家庭成员</h2>
<table id="family" cellspacing="0">
<thead><tr><th>关系</th><th>姓名</th><th>联系电话</th><th>工作单位</th></tr></thead>
<tbody>
${family.join('\n')}
</tbody>
</table>
<form name="contact" action="save.do" method="post">
<input type="hidden" name="sfzh" value="${person.residentId}">
<label for="sj">手机号码：</label><input id="sj" name="tel" value="${person.mobile}" size="14">
<label for="yx">电子邮箱：</label><input id="yx" name="email" value="${person.email}" size="30">
</form>
<p class="remark">备注：${person.remark}</p>
<p>平均绩点 <b id="gpa">${gpa}</b>；紧急联系人：<span id="call"></span></p>
</div>
<script type="text/javascript">
var student = { id: ${id}, xm: "${person.name}", tel: '${person.mobile}', jtzz: "${person.address}" };
document.getElementById('call').innerHTML = student.xm + ' (' + student.tel + ')';
</script>
</body>
</html>
`
}
